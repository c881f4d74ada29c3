import { readFile } from "node:fs/promises"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { furnish, sellAcmeAPlan } from "../support/furniture"
import { ensureBuilt } from "../support/process"
import { startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

/* An owner takes a copy, closes, waits for the payment provider in front of the page, and restores. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 200_000 })

let browser: Awaited<ReturnType<typeof launchChromium>>
let site: Awaited<ReturnType<typeof startSite<Awaited<ReturnType<typeof furnish>>>>>

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  site = await startSite({ furnish })
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

test.each(["desktop", "phone"] as const)(
  "[O11] on a %s: a copy, a wrong name, the wait, closed by itself, and one click back",
  async device => {
    if (device === "desktop" && site.furniture) await sellAcmeAPlan(site, site.furniture)
    const session = site.furniture?.sessions.alice
    const { page, trouble } = await visitor(browser, { device, baseURL: site.url, session })
    await page.goto("/o/acme/settings/danger", { waitUntil: "networkidle" })
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/^acme-.*\.json$/)
    expect(JSON.parse(await readFile(await file.path(), "utf8")).organization.name).toBe("Acme")

    await page.getByRole("link", { name: "Close", exact: true }).click()
    const field = page.getByLabel("Type “Acme” to go on")
    await field.fill("Birch")
    await page.getByRole("button", { name: "Close the organisation" }).click()
    await page.getByText("This is not the name.").waitFor()
    expect(await field.inputValue()).toBe("Birch")
    expect(await field.evaluate(element => element === document.activeElement)).toBe(true)

    // Stripe hangs for a while: the page waits with the person, and tells them by itself when it is done.
    await site.stripe.fault({ kind: "hang", times: 1, path: "/v1/subscriptions" })
    await field.fill("Acme")
    await page.getByRole("button", { name: "Close the organisation" }).click()
    await page.getByRole("heading", { level: 1, name: "Closing Acme" }).waitFor()
    await page.getByRole("progressbar", { name: "The plan is being ended" }).waitFor()
    await page.getByRole("heading", { level: 1, name: "Restore Acme" }).waitFor({ timeout: 30_000 })
    await page.getByText("The plan will go on, too.").waitFor()

    await page.getByRole("button", { name: "Restore the organisation" }).click()
    await page.getByText("Acme is open again. The plan goes on.").waitFor()
    await page.getByRole("heading", { level: 1, name: "Acme", exact: true }).waitFor()
    expect(trouble().filter(line => !line.includes("400"))).toEqual([])
  },
)
