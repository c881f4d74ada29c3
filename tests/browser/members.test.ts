import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { createSession } from "~/domain/accounts/sessions.server"
import { transaction } from "~/platform/db.server"
import { buildCast } from "../support/cast"
import { requester } from "../support/membership"
import { ensureBuilt } from "../support/process"
import { startSite } from "../support/site"
import { type Device, launchChromium, visitor } from "../support/visitor"

/* Looking after the people of an organisation, as a busy owner does it: in a browser, with JavaScript and without. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

let browser: Awaited<ReturnType<typeof launchChromium>>

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
})
afterAll(() => browser?.close())

/** The cast, and a session for each of Acme. */
async function cast() {
  const { alice, amir, bob } = await buildCast()
  const session = ({ id }: { id: string }) =>
    transaction(tx => createSession(tx, id, { method: "email" }, requester))
  return {
    alice: (await session(alice)).token,
    amir: (await session(amir)).token,
    bob: (await session(bob)).token,
  }
}

type Way = { device: Device; javaScript: boolean }

const ways: Way[] = [
  { device: "desktop", javaScript: true },
  { device: "phone", javaScript: false },
]

for (const way of ways) {
  const how = `${way.device}, JavaScript ${way.javaScript ? "on" : "off"}`

  test(`[O7] a role, a hand-over, a removal and a leave-taking: ${how}`, async () => {
    const site = await startSite({ furnish: cast })
    const as = (who: "alice" | "amir" | "bob") =>
      visitor(browser, { ...way, baseURL: site.url, session: site.furniture?.[who] })
    const [alice, amir, bob] = [await as("alice"), await as("amir"), await as("bob")]

    await alice.page.goto("/o/acme/members")
    await alice.page.getByRole("link", { name: "Bob Berger" }).click()
    await alice.page.getByRole("heading", { level: 1, name: "Bob Berger" }).waitFor()
    await alice.page.getByRole("radio", { name: /^Admin/ }).check()
    await alice.page.getByRole("button", { name: "Save role" }).click()
    await alice.page.getByText("Bob Berger is now an admin.").first().waitFor()

    await alice.page.goto("/o/acme/transfer")
    await alice.page.getByLabel("Member").selectOption({ label: "Bob Berger (bob@acme.test) – Admin" })
    await alice.page.getByRole("button", { name: "Offer ownership" }).click()
    await alice.page.getByRole("heading", { name: "You offer it to Bob Berger" }).waitFor()
    await bob.page.goto("/o/acme")
    await bob.page.getByRole("link", { name: "Accept or decline" }).click()
    await bob.page.getByRole("button", { name: "Accept ownership" }).click()
    await bob.page.getByText("You own Acme now.").first().waitFor()

    await amir.page.goto("/o/acme")
    await bob.page.goto("/o/acme/members", { waitUntil: "networkidle" })
    await bob.page.getByRole("link", { name: "Amir Aziz" }).click()
    await bob.page.waitForURL("**/members/*")
    await bob.page.locator(bob.opener).filter({ hasText: "Remove…" }).click()
    await bob.page.getByRole("heading", { name: "Remove Amir Aziz?" }).waitFor()
    await bob.page.getByRole("button", { name: "Remove from the organisation" }).click()
    await bob.page.getByText("Amir Aziz is removed.").first().waitFor()
    expect(await bob.page.getByRole("link", { name: "Amir Aziz" }).count()).toBe(0)
    expect((await amir.page.reload())?.status()).toBe(404)

    await alice.page.goto("/o/acme/members")
    await alice.page.getByRole("link", { name: "Alice Archer" }).click()
    await alice.page.getByRole("link", { name: "Leave…" }).click()
    await alice.page.getByRole("button", { name: "Leave the organisation" }).click()
    await alice.page.getByText("You have left Acme.").first().waitFor()
    await alice.page.getByRole("heading", { name: "You belong to no organisation yet" }).waitFor()

    expect([alice, amir, bob].flatMap(({ trouble }) => trouble())).toEqual([])
    await Promise.all([alice, amir, bob].map(({ close }) => close()))
    await site.stop()
  })
}
