import type { Browser as Chromium, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { staleSession } from "../support/account-furniture"
import { seriousProblems } from "../support/axe"
import { buildCast } from "../support/cast"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

/* The page that shows the API, with all of it open, and calls made from it. */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 200_000 })

let site: Site & { furniture?: { alice: string } }
let chromium: Chromium

beforeAll(async () => {
  ensureBuilt()
  chromium = await launchChromium()
  const furnish = async () => {
    const { alice } = await buildCast()
    return { alice: await staleSession(alice) }
  }
  site = await startSite({ furnish })
})
afterAll(async () => {
  await chromium?.close()
  await site?.stop()
})

test("[H1] every endpoint can be read on a phone, in either theme", async () => {
  const { page, trouble, close } = await visitor(chromium, { baseURL: site.url, device: "phone" })
  await page.goto("/api/docs")
  const lines = page.locator("main button[aria-expanded]:has(code)")
  await lines.first().waitFor()
  const openApi = await (await page.request.get("/api/openapi.json")).json()
  const paths: object[] = Object.values(openApi.paths)
  const all = paths.reduce((sum, methods) => sum + Object.keys(methods).length, 0)
  expect(await lines.count()).toBe(all)

  // What one of each area shows, all show: axe takes minutes for the whole.
  await page.locator("main section:has(> h3)").evaluateAll(clickFirstOfEach)
  const opened = page.getByRole("heading", { name: "Answers" })
  await expect.poll(() => opened.count(), { timeout: 20_000 }).toBe(openApi.tags.length)
  expect(await seriousProblems(page)).toEqual([])
  await page.emulateMedia({ colorScheme: "dark" })
  expect(await seriousProblems(page, ["color-contrast"])).toEqual([])
  await page.getByRole("tab", { name: "Schema" }).evaluateAll(clickAll)
  expect(await seriousProblems(page)).toEqual([])

  await page.locator("main button[aria-expanded=false]:has(code)").evaluateAll(clickAll)
  await expect.poll(() => opened.count(), { timeout: 60_000 }).toBe(all)
  const width = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(width).toBeLessThanOrEqual(0)
  expect(await page.getByRole("main").count()).toBe(1)
  expect(await skippedHeadings(page)).toEqual([])
  expect(trouble()).toEqual([])
  await close()
})

test("[A1] an endpoint can be tried out by keyboard, as whoever is signed in or with what is typed", async () => {
  const session = site.furniture?.alice
  const { page, trouble, close } = await visitor(chromium, { baseURL: site.url, device: "desktop", session })
  await page.goto("/api/docs")
  await page.getByText("It calls as alice@acme.test").waitFor()
  await page.getByRole("button", { name: "GET /api/auth/profile" }).press("Enter")
  await page.getByRole("button", { name: "Try it out" }).press("Enter")
  await page.getByRole("button", { name: "Execute" }).press("Enter")
  await page.getByText('"email": "alice@acme.test"').waitFor()
  expect(trouble()).toEqual([])
  await page.getByLabel("Access token or API key").fill("gatehouse_nonsense")
  await page.getByRole("button", { name: "Execute" }).press("Enter")
  await page.getByText('"code": "invalid_token"').waitFor()
  expect(await page.getByText("Authorization: Bearer gatehouse_nonsense").count()).toBe(1)
  await close()
})

test("[L18] without JavaScript the page lists every endpoint and asks for no key", async () => {
  const { page, close } = await visitor(chromium, {
    baseURL: site.url,
    device: "phone",
    javaScript: false,
  })
  await page.goto("/api/docs")
  await page.getByText("/api/auth/profile").first().waitFor()
  expect(await page.getByRole("heading", { level: 3 }).allTextContents()).toContain("Billing")
  expect(await page.getByLabel("Access token or API key").isVisible()).toBe(false)
  await close()
})

/** In the page itself: one by one, from outside, takes a minute. */
function clickAll(buttons: Element[]): void {
  for (const button of buttons) if (button instanceof HTMLElement) button.click()
}

function clickFirstOfEach(areas: Element[]): void {
  for (const area of areas) area.querySelector<HTMLElement>("button:has(code)")?.click()
}

/** Headings that stand two levels or more below the one before. */
function skippedHeadings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    const levels = headings.map(heading => Number(heading.tagName.slice(1)))
    return headings
      .filter((_, i) => (levels[i] ?? 0) > (levels[i - 1] ?? 0) + 1)
      .map(heading => heading.textContent ?? "")
  })
}
