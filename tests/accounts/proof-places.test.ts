import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { type Browser, hiddenField } from "../support/browser"
import { minutes } from "../support/clock"
import { member } from "../support/membership"
import { heldFields, mailedProofCode, proofForm } from "../support/proof"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()

async function stale(world: World): Promise<Browser> {
  const browser = world.browser()
  await signIn(world, browser, "alice@acme.test")
  world.clock.advance(minutes(16))
  return browser
}

/** Proves who it is on the page of its own, and answers where that leads. */
async function prove(world: World, browser: Browser, page: string, email = "alice@acme.test") {
  const asked = await browser.post(page, { ...heldFields((await browser.get(page)).body), proof_way: "code" })
  const proof_code = await mailedProofCode(world, email)
  return browser.post(page, { ...heldFields(asked.body), proof_code })
}

test("[S5] closing an organisation asks first, and closes with the name that was typed", async () => {
  const world = await open()
  const browser = await stale(world)
  const asked = await browser.post("/o/acme/closure", { intent: "close", name: "Acme" })
  expect(asked.status).toBe(403)
  expect(heldFields(asked.body)).toEqual({ intent: "close", name: "Acme" })
  const acme = () => db().organization.findUniqueOrThrow({ where: { slug: "acme" } })
  expect((await acme()).closeRequestedAt).toBeNull()
  const proof_code = await mailedProofCode(world, "alice@acme.test")
  await browser.post("/o/acme/closure", { ...heldFields(asked.body), proof_code })
  expect((await acme()).closeRequestedAt).not.toBeNull()
})

test("[S5] an export is not handed out before, and is offered after", async () => {
  const world = await open()
  const browser = await stale(world)
  const file = "/o/acme/export.json"
  const refused = await browser.get(file)
  expect([refused.status, refused.body]).toEqual([303, ""])
  const page = browser.inside(refused.location ?? "")
  expect(page).toBe(`/account/proof?redirectTo=${encodeURIComponent(file)}`)
  const proven = await prove(world, browser, page)
  const offered = await browser.open(browser.inside(proven.location ?? ""))
  expect(offered.body).toContain(`href="${file}"`)
  expect((await browser.get(file)).headers.get("Content-Type")).toMatch(/json/)
})

test("[S5] the customer portal asks first, for its page and for programs, and proof leads on into it", async () => {
  const world = await open()
  const browser = await stale(world)
  const refused = await browser.post("/o/acme/billing/portal", { flow: "payment_method" })
  expect(refused.status).toBe(303)
  const page = browser.inside(refused.location ?? "")
  expect(page).toContain("/account/proof?redirectTo=%2Fo%2Facme%2Fbilling%2Fportal")
  const mailed = await browser.get("/o/acme/billing/portal?flow=payment_method")
  expect(mailed.location).toContain("/account/proof?")
  const api = await browser.json("/api/billing/portal", { organization: "acme" })
  expect([api.status, JSON.parse(api.body).error.code]).toEqual([403, "proof_needed"])
  expect((await prove(world, browser, page)).location).toBe("/o/acme/billing/portal?flow=payment_method")
  expect((await browser.get("/o/acme/billing/portal?flow=payment_method")).location).toBe("/o/acme/billing")
})

test("[S5] who may not do a thing is asked for no proof of it", async () => {
  const world = await open()
  const bob = world.browser()
  await signIn(world, bob, "bob@acme.test")
  world.clock.advance(minutes(16))
  for (const path of ["/o/acme/closure", "/o/acme/transfer", "/o/acme/billing/portal"]) {
    const refused = await bob.post(path, { intent: "close", name: "Acme" })
    expect([path, refused.status]).toEqual([path, 403])
    expect(proofForm(refused.body)).toBe("")
  }
  expect((await bob.get("/o/acme/export.json")).status).toBe(403)
  expect(await db().proofCode.count()).toBe(0)
})

test("[S5] accepting ownership asks first and leads back to the offer; declining it does not", async () => {
  const world = await open()
  const [alice, bob] = [world.browser(), world.browser()]
  await signIn(world, bob, "bob@acme.test")
  world.clock.advance(minutes(16))
  await signIn(world, alice, "alice@acme.test")
  const offeredTo = async () => {
    await alice.post("/o/acme/transfer", { intent: "offer", address: "bob@acme.test" })
    return hiddenField((await bob.get("/o/acme/transfer")).body, "offeredAt")
  }
  const answer = (intent: string, offeredAt: string) =>
    bob.post("/o/acme/transfer/answer", { intent, offeredAt })
  expect((await answer("decline", await offeredTo())).location).toBe("/o/acme")
  world.clock.advance(minutes(1))
  const offeredAt = await offeredTo()
  const asked = await answer("accept", offeredAt)
  const page = `/account/proof?redirectTo=${encodeURIComponent("/o/acme/transfer")}`
  expect([asked.status, asked.location]).toEqual([303, page])
  expect((await member(world.cast.bob, "acme")).role).toBe("member")
  expect((await prove(world, bob, page, "bob@acme.test")).location).toBe("/o/acme/transfer")
  expect((await answer("accept", offeredAt)).location).toBe("/o/acme")
  expect((await member(world.cast.bob, "acme")).role).toBe("owner")
})

test("[S5] the button that confirms a deletion or a closing names what it does", async () => {
  const world = await open()
  const browser = world.browser()
  await signIn(world, browser, "bob@acme.test")
  const alice = await stale(world)
  const asked = await browser.post("/account/deletion", { email: "bob@acme.test" })
  expect(proofForm(asked.body)).toMatch(/>Delete my account</)
  expect(proofForm(asked.body)).not.toMatch(/>Confirm</)
  const closing = await alice.post("/o/acme/closure", { intent: "close", name: "Acme" })
  expect(proofForm(closing.body)).toMatch(/>Close the organisation</)
})
