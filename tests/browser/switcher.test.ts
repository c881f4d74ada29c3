import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { db } from "~/platform/db.server"
import { buildOrganization } from "../support/cast"
import { furnish } from "../support/furniture"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { type Device, launchChromium, type Visitor, visitor } from "../support/visitor"

/* From every page of someone signed in to another of their organisations, by mouse, finger and keyboard, scripted or not. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

type Chromium = Awaited<ReturnType<typeof launchChromium>>
let browser: Chromium
let site: Site & { furniture: string | undefined }

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  site = await startSite({ furnish: alicesSession })
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** Alice works in forty organisations more, the last of them far below the edge of the screen. */
async function alicesSession(): Promise<string> {
  const { cast, sessions } = await furnish()
  await db().user.update({ where: { id: cast.alice.id }, data: { isOperator: true } })
  for (let i = 1; i <= 40; i += 1) {
    const number = String(i).padStart(2, "0")
    await buildOrganization(db(), {
      name: `Branch ${number}`,
      slug: `branch-${number}`,
      members: [[cast.alice, "member"]],
    })
  }
  return sessions.alice
}

function alice(device: Device, javaScript = true): Promise<Visitor> {
  return visitor(browser, { device, javaScript, baseURL: site.url, session: site.furniture })
}

/** Pages inside a shell, of the person, of the desk, with one question, with a failure. */
const pages = [
  "/o/acme",
  "/o/acme/members",
  "/account/profile",
  "/admin",
  "/organizations/new",
  "/onboarding?org=acme",
  "/pricing",
  "/",
  "/o/nowhere",
]

for (const [device, javaScript] of [
  ["desktop", true],
  ["phone", true],
  ["desktop", false],
  ["phone", false],
] as const) {
  const how = `${device}, JavaScript ${javaScript ? "on" : "off"}`
  test(`[O1] [H2] the fortieth organisation is two touches away on every page: ${how}`, async () => {
    const visitor = await alice(device, javaScript)
    const { page, opener } = visitor
    for (const [i, path] of pages.entries()) {
      await page.goto(path, { waitUntil: javaScript ? "networkidle" : "load" })
      const menu = page.locator(`${opener}[aria-label=Menu]`)
      if (await menu.isVisible()) await press(menu, device)
      const switcher = page
        .locator("button, summary")
        .filter({ hasText: /switch organisation/i, visible: true })
      await press(switcher, device)
      const name = `Branch ${String(40 - i).padStart(2, "0")}`
      const open = page.locator("[role=menu], details[open]:not(:has(details))").filter({ hasText: name })
      await press(open.getByText(name, { exact: true }), device)
      await page.waitForURL(`**/o/branch-${name.slice(-2)}`)
      await page.getByRole("heading", { level: 1, name }).waitFor()
    }
    expect(visitor.trouble()).toEqual([])
    await visitor.close()
  })
}

test("[H1] [O1] by keyboard, typing the name finds it among forty", async () => {
  const { page, close } = await alice("desktop")
  await page.goto("/account/profile", { waitUntil: "networkidle" })
  await page.locator("button").filter({ hasText: "switch organisation", visible: true }).focus()
  await page.keyboard.press("Enter")
  await page.getByRole("menu").waitFor()
  await page.keyboard.type("Branch 37", { delay: 20 })
  await page.locator("[role=menuitem]:focus", { hasText: "Branch 37" }).waitFor()
  await page.keyboard.press("Enter")
  await page.waitForURL("**/o/branch-37")
  await close()
})

test("[H1] [O1] by keyboard at the foot of a page: it unfolds, folds on Escape, and each entry is a stop", async () => {
  const { page, close } = await alice("desktop")
  await page.goto("/organizations/new", { waitUntil: "networkidle" })
  const switcher = page.locator("summary", { hasText: "Switch organisation" })
  await switcher.focus()
  await page.keyboard.press("Enter")
  await page.locator("footer details[open]").waitFor()
  await page.keyboard.press("Tab")
  await page.keyboard.press("Escape")
  await page.locator("footer details:not([open])").waitFor()
  expect(await switcher.evaluate(element => element === document.activeElement)).toBe(true)
  await page.keyboard.press("Enter")
  for (let i = 0; i < 3; i++) await page.keyboard.press("Tab")
  const name = await page.evaluate(() => document.activeElement?.textContent ?? "")
  await page.keyboard.press("Enter")
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor()
  await close()
})

function press(target: ReturnType<Visitor["page"]["locator"]>, device: Device): Promise<void> {
  return device === "phone" ? target.tap() : target.click()
}
