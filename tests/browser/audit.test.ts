import { readFileSync } from "node:fs"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { createSession } from "~/domain/accounts/sessions.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { buildCast } from "../support/cast"
import { requester } from "../support/membership"
import { ensureBuilt } from "../support/process"
import { startSite } from "../support/site"
import { type Device, launchChromium, visitor } from "../support/visitor"

/* Reading the audit log, as somebody does who looks for something: in a browser, with JavaScript and without. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

let browser: Awaited<ReturnType<typeof launchChromium>>

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
})
afterAll(() => browser?.close())

/** Eighty withdrawn invitations, an hour apart from the first of March on, UTC; one by Amir, the rest by Alice. */
async function furnish(): Promise<string> {
  const { alice, amir, acme } = await buildCast()
  for (let i = 0; i < 80; i++)
    await db().auditEntry.create({
      data: {
        id: newId(),
        organizationId: acme.id,
        actorUserId: i === 40 ? amir.id : alice.id,
        act: "invitation.revoked",
        target: `guest-${i}@x.test`,
        at: new Date(Date.UTC(2026, 2, 1, i, 30)),
      },
    })
  return (await transaction(tx => createSession(tx, alice.id, { method: "email" }, requester))).token
}

const ways: { device: Device; javaScript: boolean }[] = [
  { device: "desktop", javaScript: true },
  { device: "phone", javaScript: false },
]

for (const way of ways) {
  const how = `${way.device}, JavaScript ${way.javaScript ? "on" : "off"}`

  test(`[O10] paging, filtering and taking the file: ${how}`, async () => {
    const site = await startSite({ furnish })
    const reader = await visitor(browser, { ...way, baseURL: site.url, session: site.furniture })
    const { page } = reader
    const lines = page.getByRole("rowheader")

    await page.goto("/o/acme/audit")
    expect(await lines.count()).toBe(50)
    await page.getByRole("link", { name: "Older" }).click()
    await page.getByText("Withdrew the invitation of guest-0@x.test").waitFor()
    expect(await lines.count()).toBe(30)
    await page.getByRole("link", { name: "Newer" }).click()
    await page.getByText("Withdrew the invitation of guest-79@x.test").waitFor()

    await page.getByLabel("By whom").fill("amir@acme.test")
    await page.getByLabel("What").selectOption({ label: "Invitation withdrawn" })
    await page.getByRole("button", { name: "Filter" }).click()
    await page.waitForURL("**who=amir*")
    await page.getByText("Withdrew the invitation of guest-40@x.test").waitFor()
    expect(await lines.count()).toBe(1)
    expect(await page.getByLabel("By whom").inputValue()).toBe("amir@acme.test")

    await page.getByRole("link", { name: "Show everything" }).click()
    await page.getByText("guest-79@x.test").waitFor()
    expect(await page.getByLabel("By whom").inputValue()).toBe("")
    await page.getByLabel("First day").fill("2026-03-02")
    await page.getByLabel("Last day").fill("2026-03-02")
    await page.getByRole("button", { name: "Filter" }).click()
    await page.waitForURL("**from=2026-03-02*")
    await page.getByText("guest-24@x.test").waitFor()
    expect(await lines.count()).toBe(24)

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^audit-log-acme-.*\.csv$/)
    const file = readFileSync(await download.path(), "utf8")
    expect(file.trimEnd().split("\r\n")).toHaveLength(25)
    expect(reader.trouble()).toEqual([])
    await reader.close()
    await site.stop()
  })
}

test("[O10] a day is one of the reader's zone", async () => {
  const site = await startSite({ furnish })
  const context = await browser.newContext({ baseURL: site.url, timezoneId: "Australia/Sydney" })
  await context.addCookies([{ name: "gatehouse", value: site.furniture ?? "", url: site.url }])
  const page = await context.newPage()
  await page.goto("/o/acme/audit")
  await page.waitForLoadState("networkidle")
  await page.getByLabel("First day").fill("2026-03-02")
  await page.getByLabel("Last day").fill("2026-03-02")
  await page.getByRole("button", { name: "Filter" }).click()
  // Midnight of the second of March is 13:00 UTC of the first there.
  await page.getByText("guest-13@x.test").waitFor()
  expect(await page.getByRole("rowheader").count()).toBe(24)
  await page.getByRole("cell", { name: "2 Mar 2026, 00:30" }).waitFor()
  await context.close()
  await site.stop()
})
