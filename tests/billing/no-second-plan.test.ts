import { expect, test } from "vitest"
import { startCheckout } from "~/domain/billing/checkout.server"
import { archive, restore } from "~/domain/organizations/archive.server"
import { db, transaction } from "~/platform/db.server"
import { requester } from "../support/membership"
import { openPage, sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")
const wish = { plan: "starter", interval: "month", organization: "acme" }
const sale = ({ cast }: BillingWorld) => ({ organization: cast.acme, owner: cast.alice })

async function debitOnItsWay(w: BillingWorld) {
  const session = await openPage(sale(w))
  await w.stripe.completeCheckout({ session, outcome: "bank_debit" })
  await w.arrive()
  return session
}

test("[B8] while a bank debit is on its way nothing else can be bought, and every page says so", async () => {
  const w = await world()
  const session = await debitOnItsWay(w)
  await expect(openPage({ ...sale(w), plan: "starter" })).rejects.toThrow("payment_on_its_way")
  const alice = await enter(w.browser(), w.cast.alice)
  const posted = await alice.post("/checkout?plan=starter&org=acme", wish)
  expect([posted.status, textOf(posted.body).includes("payment is on its way")]).toEqual([409, true])
  expect((await alice.get("/checkout?plan=starter&org=acme")).status).toBe(409)
  const billing = textOf((await alice.get("/o/acme/billing")).body)
  expect(billing).toContain("The payment for the Professional plan is on its way")
  expect(billing).not.toContain("No plan yet")
  expect(billing).not.toContain("See the plans")
  const pricing = textOf((await alice.get("/pricing?org=acme")).body)
  expect(pricing).toContain("payment is on its way")
  expect(pricing).not.toContain("Choose Professional")
  expect(textOf((await alice.get("/pricing")).body)).not.toContain("For Acme or")
  await w.stripe.settlePayment({ session })
  await w.arrive()
  expect(await db().subscription.count()).toBe(1)
  expect(textOf((await alice.get("/o/acme/billing")).body)).not.toContain("is on its way")
})

test("[B8] a debit that came back keeps nobody from buying", async () => {
  const w = await world()
  const session = await debitOnItsWay(w)
  await w.stripe.failPayment({ session })
  await w.arrive()
  expect(await openPage({ ...sale(w), plan: "starter" })).toMatch(/^cs_/)
})

test("[B8] another payment page that is open when the debit begins is closed", async () => {
  const w = await world()
  const first = await openPage(sale(w))
  w.clock.advance(1000)
  const second = await openPage({ ...sale(w), plan: "starter" })
  await w.stripe.completeCheckout({ session: first, outcome: "bank_debit" })
  await w.arrive()
  await expect(w.stripe.completeCheckout({ session: second })).rejects.toThrow("expired")
})

test("[B8] a stranger who sends the same form again during the debit is led to how it stands", async () => {
  const w = await world()
  const form = { plan: "starter", interval: "month", email: "new@buyer.test", businessName: "Buyer" } as const
  const send = () => startCheckout({ ...form, requester })
  const one = await send()
  const session = one.ok ? one.value.sessionId : ""
  await w.stripe.completeCheckout({ session, outcome: "bank_debit" })
  await w.arrive()
  w.clock.advance(60 * 60 * 1000)
  const two = await send()
  expect(two).toEqual({
    ok: true,
    value: { url: `${w.url}/onboarding/pending?session_id=${session}`, sessionId: session },
  })
  expect(textOf((await w.browser().get(`/onboarding/pending?session_id=${session}`)).body)).toContain(
    "Your payment is on its way",
  )
  await w.stripe.failPayment({ session })
  await w.arrive()
  const three = await send()
  expect(three.ok && three.value.sessionId !== session).toBe(true)
})

test("[O8] nothing is sold to an organisation that an operator archived, until it is restored", async () => {
  const w = await world()
  await transaction(tx => archive(tx, w.cast.acme.id, "operator", { note: "abuse" }))
  await expect(openPage(sale(w))).rejects.toThrow("archived")
  const alice = await enter(w.browser(), w.cast.alice)
  const posted = await alice.post("/checkout?plan=starter&org=acme", wish)
  expect(posted.status).toBe(403)
  expect(textOf(posted.body)).toContain("archived by an operator")
  expect(textOf((await alice.get("/pricing?org=acme")).body)).not.toContain("Choose Professional")
  await transaction(tx => restore(tx, w.cast.acme.id, "operator"))
  expect((await alice.post("/checkout?plan=starter&org=acme", wish)).status).toBe(303)
})

test("[O8] an organisation that is archived for an unpaid bill can buy a plan: that opens it", async () => {
  const w = await world()
  const { stripeSubscriptionId } = await sellPlan(w, sale(w))
  await w.stripe.cancel({ subscription: stripeSubscriptionId, when: "now" })
  await w.arrive()
  await transaction(tx => archive(tx, w.cast.acme.id, "billing"))
  expect(await openPage({ ...sale(w), plan: "starter" })).toMatch(/^cs_/)
})
