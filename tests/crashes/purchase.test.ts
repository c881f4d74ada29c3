import { expect, test } from "vitest"
import { firstEvents } from "../support/stripe"
import { type House, setUpHouse } from "./house"
import { cutOff, press, whoIs } from "./visitor"

const house = setUpHouse()
const email = "dora@example.test"
const form = { plan: "professional", interval: "month", email, businessName: "Dora & Daughters" }

/** Picks a plan and pays. Nothing is told to the server yet. Answers the page the buyer is sent back to. */
async function pay(h: House): Promise<string> {
  const browser = h.browser()
  const answer = await browser.post("/checkout", form)
  expect(answer.location).toContain(h.stripe.url)
  const { redirect } = await h.stripe.completeCheckout()
  return browser.inside(redirect ?? "")
}

/** What one paid purchase leaves behind, whatever happened on the way. */
const once = {
  organizations: 1,
  users: [{ email, provenAt: null }],
  members: [{ role: "owner", email }],
  subscriptions: 1,
  onboardings: 1,
  bought: 1,
  mails: [{ template: "activation", state: "sent" }],
  checkouts: [{ state: "provisioned" }],
}

const nothing = {
  ...once,
  organizations: 0,
  users: [],
  members: [],
  subscriptions: 0,
  onboardings: 0,
  bought: 0,
  mails: [],
  checkouts: [{ state: "open" }],
}

function left(h: House) {
  return {
    organizations: h.count("Organization"),
    users: h.rows("SELECT email, provenAt FROM User"),
    members: h.rows(`
      SELECT role, email FROM Membership m JOIN User u ON u.id = m.userId
      JOIN Organization o ON o.id = m.organizationId JOIN Subscription s ON s.organizationId = o.id
      WHERE s.stripeCustomerId = o.stripeCustomerId AND s.status = 'active' AND s.plan = 'professional'`),
    subscriptions: h.count("Subscription"),
    onboardings: h.count("Onboarding"),
    bought: h.rows("SELECT 1 FROM AuditEntry WHERE act = 'billing.plan_bought'").length,
    mails: h.rows("SELECT template, state FROM Mail"),
    checkouts: h.rows("SELECT state FROM Checkout"),
  }
}

/** Stripe tells everything again, five times over: that, too, must change nothing. */
async function tellAgain(h: House): Promise<void> {
  await h.stripe.releaseAll()
  const events = await h.stripe.events({ types: [...firstEvents] })
  await Promise.all(events.map(({ id }) => h.stripe.resend({ event: id, copies: 5 })))
  await h.settled()
}

async function expectOnce(h: House): Promise<void> {
  await h.settled()
  expect(left(h)).toEqual(once)
  await tellAgain(h)
  expect(left(h)).toEqual(once)
  expect(h.mailbox.messages(email)).toHaveLength(1)
}

/** The mail leads the buyer into what they paid for. */
async function expectWayIn(h: House): Promise<void> {
  const buyer = h.browser()
  const activated = await press(buyer, h.mailbox.latestTo(email).link, { name: "Dora" })
  expect([activated.status, await whoIs(buyer)]).toEqual([303, email])
  expect((await buyer.open(buyer.inside(activated.location ?? ""))).status).toBe(200)
}

test("[B6] killed once an event is stored and before it is answered, the start finishes it without Stripe's help", async () => {
  const h = await house({ crashAt: "stripe-event.stored" })
  await pay(h)
  await h.stripe.releaseAll()
  await h.died()
  expect(h.rows("SELECT state FROM StripeEvent")).toEqual([{ state: "received" }])
  expect(left(h)).toEqual(nothing)
  // The list of events fails, so that only what was stored can be repaired from.
  await h.stripe.fault({ kind: "500", times: null, path: "/v1/events" })
  await h.start()
  await h.settled()
  expect(h.count("StripeEvent")).toBe(1)
  expect(left(h)).toEqual(once)
  await h.stripe.clearFaults()
  await expectOnce(h)
  await expectWayIn(h)
})

test("[B6] webhooks that came while the process was down are found at the start", async () => {
  const h = await house()
  await pay(h)
  await h.kill()
  await h.stripe.releaseAll()
  await h.start()
  await expectOnce(h)
  expect(h.rows("SELECT DISTINCT source FROM StripeEvent")).toEqual([{ source: "sweep" }])
})

test("[B2] killed before the commit of a purchase, nothing stands half done and the next start does it once", async () => {
  const h = await house({ crashAt: "provisioning.before-commit" })
  await pay(h)
  await h.stripe.releaseAll()
  await h.died()
  expect(left(h)).toEqual(nothing)
  await h.start()
  await expectOnce(h)
  await expectWayIn(h)
})

test("[B2] killed right after the commit of a purchase, the mail still goes out, once", async () => {
  const h = await house({ crashAt: "provisioning.after-commit" })
  await pay(h)
  await h.stripe.releaseAll()
  await h.died()
  expect(left(h)).toMatchObject({ organizations: 1, mails: [{ template: "activation", state: "queued" }] })
  expect(h.mailbox.messages()).toEqual([])
  await h.start()
  await expectOnce(h)
  await expectWayIn(h)
})

test.each(["provisioning.before-commit", "provisioning.after-commit"] as const)(
  "[B2] the landing page killed at %s leaves one purchase, also when the webhooks come later",
  async crashAt => {
    const h = await house({ crashAt })
    const pending = await pay(h)
    expect(await cutOff(h.browser().get(pending))).toBe(true)
    await h.died()
    await h.start()
    const [page] = await Promise.all([h.browser().get(pending), h.stripe.releaseAll({ atOnce: true })])
    expect(page.status).toBe(200)
    await expectOnce(h)
  },
)

test("[B2] a server that dies at every start provisions once when it no longer does", async () => {
  const h = await house({ crashAt: "provisioning.before-commit" })
  await pay(h)
  await h.stripe.releaseAll()
  await h.died()
  for (let i = 0; i < 2; i++) {
    // It may die before it answers for the first time.
    await h.start("provisioning.before-commit").catch(() => {})
    await h.died()
    expect(left(h)).toEqual(nothing)
  }
  await h.start()
  await expectOnce(h)
})

test("[B1] killed between Stripe's session and our note of it, the same form finds the same session", async () => {
  const h = await house({ crashAt: "checkout.session-made" })
  expect(await cutOff(h.browser().post("/checkout", form))).toBe(true)
  await h.died()
  expect(h.rows("SELECT stripeSessionId FROM Checkout")).toEqual([{ stripeSessionId: null }])
  await h.start()
  await pay(h)
  expect(h.count("Checkout")).toBe(1)
  expect(await h.stripe.events({ types: ["checkout.session.completed"] })).toHaveLength(1)
  await h.stripe.releaseAll()
  await expectOnce(h)
})

test("[M1] killed between SMTP's 250 and the mark, the activation comes at most twice and activates once", async () => {
  const h = await house({ crashAt: "mail.accepted" })
  await pay(h)
  await h.stripe.releaseAll()
  await h.died()
  expect(h.mailbox.messages(email)).toHaveLength(1)
  await h.start()
  await h.settled()
  expect(left(h)).toEqual(once)
  const links = h.mailbox.messages(email).map(mail => mail.link)
  expect(new Set(links).size).toBe(2)
  const answers = await Promise.all(links.map(link => press(h.browser(), link, { name: "Dora" })))
  expect(answers.map(answer => answer.status).sort()).toEqual([303, 410])
  expect(h.count("Session")).toBe(1)
  expect(h.rows("SELECT usedByUserId IS NOT NULL AS known FROM Link WHERE purpose = 'activation'")).toEqual([
    { known: 1 },
    { known: 1 },
  ])
})
