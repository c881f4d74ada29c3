import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { furnish } from "../support/furniture"
import { ensureBuilt } from "../support/process"
import { startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

/* Archiving meets people in the middle of their work: at the next click, without a reload, and back the same way. */

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

function at(who: "bob" | "olive") {
  const session = site.furniture?.sessions[who]
  return visitor(browser, { device: "desktop", baseURL: site.url, session })
}

test("[O8] an operator archives, and the next click of a member says so; restored, the one after works", async () => {
  const { page: bob, trouble } = await at("bob")
  const { page: olive } = await at("olive")
  await bob.goto("/o/acme", { waitUntil: "networkidle" })
  await olive.goto(`/admin/organizations/${site.furniture?.cast.acme.id}`)
  await olive.getByLabel("Why").fill("We look into a complaint.")
  await olive.getByRole("button", { name: "Archive Acme" }).click()
  await olive.getByText("Acme is archived. Its owners get a mail.").waitFor()

  const navigation = bob.getByRole("navigation", { name: "Acme" })
  await navigation.getByRole("link", { name: "Members" }).click()
  await bob.getByRole("heading", { level: 1, name: "Acme is archived" }).waitFor()
  await bob.getByText("We look into a complaint.").waitFor()
  expect(await bob.title()).toBe("Acme is archived · Gatehouse")
  expect(await navigation.getByRole("link").allTextContents()).toEqual(["Overview"])
  expect(await bob.getByRole("link", { name: "alice@acme.test" }).count()).toBe(1)
  await bob.getByRole("button", { name: /switch organisation/ }).click()
  await bob.getByRole("menuitem", { name: /Millstone/ }).waitFor()
  await bob.keyboard.press("Escape")

  await olive.getByRole("button", { name: "Restore Acme" }).click()
  await olive.getByText("Acme is restored. Its owners get a mail.").waitFor()
  await navigation.getByRole("link", { name: "Overview" }).click()
  await bob.getByRole("heading", { level: 1, name: "Acme", exact: true }).waitFor()
  await navigation.getByRole("link", { name: "Members" }).click()
  await bob.getByRole("heading", { level: 1, name: "Members" }).waitFor()
  expect(trouble().filter(line => !line.includes("403"))).toEqual([])
})
