import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { ensureBuilt } from "../support/process"
import { startTour, type Tour } from "../support/tour"
import { type Device, visitor } from "../support/visitor"

/* Every flow by keyboard alone: what is focused can be seen, and what can be pressed can be reached. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 200_000 })

let tour: Tour

beforeAll(async () => {
  ensureBuilt()
  tour = await startTour()
})
afterAll(() => tour?.end())

test("[H1] sign-in by keyboard, past the skip link, with the mistake announced at its field", async () => {
  const { page, close } = await visitor(tour.browser, { device: "desktop", baseURL: tour.site.url })
  await page.goto("/login")
  await page.locator("body").focus()
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await tabTo(page, "Skip to the content")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/login#main")
  await tabTo(page, "E-mail address")
  await page.keyboard.type("alice@")
  await page.keyboard.press("Enter")
  const field = page.getByLabel("E-mail address")
  await page.locator("[aria-invalid=true]").waitFor()
  await expect.poll(() => focusedName(page)).toBe("E-mail address")
  const described = (await field.getAttribute("aria-describedby")) ?? ""
  const errorId = described.split(" ").find(id => id.endsWith("-error")) ?? ""
  expect(await page.locator(`[id="${errorId}"]`).textContent()).toContain("Enter an e-mail address")
  await page.keyboard.press("Control+a")
  await page.waitForTimeout(650)
  await page.keyboard.type("keys@somewhere.test", { delay: 5 })
  await page.keyboard.press("Enter")
  await page.waitForURL("**/login/sent")
  await expect.poll(() => focusedName(page)).toBe("Code from the mail")
  await close()
})

test("[H1] from the plans to the payment page by keyboard", async () => {
  const { page, close } = await visitor(tour.browser, { device: "desktop", baseURL: tour.site.url })
  await page.goto("/pricing")
  await tabTo(page, "Choose Starter")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/checkout?*")
  await tabTo(page, "Business name")
  await page.keyboard.type("Keys & Co")
  await tabTo(page, "E-mail address")
  await page.keyboard.type("keys@company.test")
  await tabTo(page, "Continue to payment")
  await page.keyboard.press("Enter")
  await page.waitForURL(`${tour.site.stripe.url}/**`)
  await close()
})

test("[H1] [O1] the organisation switcher by keyboard", async () => {
  const { page, close } = await signedIn("desktop")
  await page.goto("/o/acme", { waitUntil: "networkidle" })
  await tabTo(page, "Acme, switch organisation")
  await page.keyboard.press("Enter")
  await page.getByRole("menu").waitFor()
  await page.keyboard.press("Escape")
  await page.getByRole("menu").waitFor({ state: "detached" })
  await expect.poll(() => focusedName(page)).toBe("Acme, switch organisation")
  await page.keyboard.press("Enter")
  await page.getByRole("menu").waitFor()
  await page.keyboard.type("The Royal")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/o/royal-society-lighthouses")
  await close()
})

test("[H1] [H2] the phone's menu by keyboard: it keeps the focus and gives it back", async () => {
  const { page, close } = await signedIn("phone")
  await page.goto("/o/acme", { waitUntil: "networkidle" })
  await tabTo(page, "Menu")
  await page.keyboard.press("Enter")
  const sheet = page.getByRole("dialog", { name: "Menu" })
  await sheet.waitFor()
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("Tab")
    expect(await sheet.evaluate(element => element.contains(document.activeElement))).toBe(true)
  }
  await page.keyboard.press("Escape")
  await sheet.waitFor({ state: "detached" })
  await expect.poll(() => focusedName(page)).toBe("Menu")
  await page.keyboard.press("Enter")
  await sheet.waitFor()
  await tabTo(page, "Members")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/o/acme/members")
  await sheet.waitFor({ state: "detached" })
  await close()
})

test("[H2] a menu opened before the page's script has come stays open when it comes", async () => {
  for (const [device, opener, opened] of [
    ["phone", "[aria-label=Menu]", "dialog"],
    ["desktop", "aside", "menu"],
  ] as const) {
    const { page, context, close } = await signedIn(device)
    let letCome = () => {}
    const held = new Promise<void>(resolve => {
      letCome = resolve
    })
    await context.route("**/assets/entry.client-*.js", async route => {
      await held
      await route.continue()
    })
    await page.goto("/o/acme", { waitUntil: "commit" })
    await page.locator(`summary${opener}, ${opener} summary`).first().click()
    await page.locator("details[open]").waitFor()
    letCome()
    await page.getByRole(opened).waitFor()
    await close()
  }
})

test("[H2] the theme is chosen by keyboard and kept", async () => {
  const { page, close } = await visitor(tour.browser, { device: "desktop", baseURL: tour.site.url })
  await page.goto("/")
  await tabTo(page, "Dark")
  const saved = page.waitForResponse(response => response.url().includes("/theme"))
  await page.keyboard.press("Enter")
  await page.locator("html[data-theme=dark]").waitFor()
  // The page shows the choice at once; it is kept when the answer has come.
  await saved
  await page.reload()
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")
  await close()
})

function signedIn(device: Device) {
  const session = tour.furniture.sessions.alice
  return visitor(tour.browser, { device, session, baseURL: tour.site.url })
}

/** Tabs until what has this name has the focus. Everything passed on the way must show that it has it. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab")
    const focused = await focusedName(page)
    if (!(await focusIsVisible(page))) throw new Error(`“${focused}” does not show that it has the focus.`)
    if (focused === name) return
    passed.push(focused)
  }
  throw new Error(`“${name}” cannot be reached. Passed: ${passed.join(", ")}`)
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement)) return ""
    const labels = focused instanceof HTMLInputElement ? [...(focused.labels ?? [])] : []
    const spoken = (labels[0] ?? focused).cloneNode(true)
    if (!(spoken instanceof HTMLElement)) return ""
    for (const silent of spoken.querySelectorAll("[aria-hidden=true]")) silent.remove()
    const words = focused.ariaLabel ?? spoken.textContent ?? ""
    return words.replace(/\s+/g, " ").trim()
  })
}

/** An outline or a ring, and on the screen. */
function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement) || focused === document.body) return true
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused)
    const { top, bottom, width } = focused.getBoundingClientRect()
    const lit = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none"
    return lit && width > 1 && bottom > 0 && top < innerHeight
  })
}
