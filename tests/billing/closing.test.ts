import { describe, expect, test, vi } from "vitest"
import { changePlan } from "~/domain/billing/change-plan.server"
import { startCheckout } from "~/domain/billing/checkout.server"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { closingOf } from "~/domain/billing/closing.server"
import { followClosings } from "~/domain/billing/closing-round.server"
import { previewPlan } from "~/domain/billing/plan-preview.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { buildMembership } from "../support/cast"
import { days, hours, minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { atStripe, openPage, sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"

const world = setUpBillingWorld()

const sale = ({ cast }: BillingWorld) => ({ organization: cast.acme, owner: cast.alice })
const acme = () => db().organization.findUniqueOrThrow({ where: { slug: "acme" }, include: { holds: true } })
const isOpen = { archivedAt: null, closedAt: null, eraseAt: null, holds: [] }
const isUntouched = { ...isOpen, closeRequestedAt: null, closeRequestedBy: null, closeTrouble: null }

/** Alice wants Acme closed, and everything runs that follows at once. */
async function close(w: BillingWorld) {
  const asked = await requestClosing(await member(w.cast.alice, "acme"), requester)
  await w.settle()
  return asked
}

const reopen = async (w: BillingWorld) => reopenOrganization(await member(w.cast.alice, "acme"), requester)

/** The hourly round, and what follows from it. */
async function round(w: BillingWorld) {
  await followClosings()
  await w.settle()
}

/** Lets the quick tries of a waiting job pass. */
async function quickTries(w: BillingWorld) {
  for (let i = 0; i < 4; i += 1) {
    w.clock.advance(minutes(2))
    await w.settle()
  }
}

const mails = (w: BillingWorld) =>
  w.mailbox
    .messages()
    .map(mail => `${mail.subject} → ${mail.to.join()}`)
    .sort()
const acts = async () =>
  (
    await db().auditEntry.findMany({
      where: { act: { startsWith: "organization." } },
      orderBy: { id: "asc" },
    })
  ).map(line => line.act)

describe("closing", () => {
  test("[O11] lets a paid plan run out at Stripe, then archives, and tells the owners and nobody else", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    await buildMembership(db(), { user: w.cast.charlie, organization: w.cast.acme, role: "owner" })
    expect(await close(w)).toMatchObject({ ok: true })
    expect(await atStripe(w, plan)).toEqual({ status: "active", ending: true })
    const closed = await acme()
    expect(closed.holds).toMatchObject([{ because: "closing", byUserId: w.cast.alice.id }])
    expect([closed.archivedAt, closed.closedAt].every(Boolean)).toBe(true)
    expect(+(closed.eraseAt ?? 0) - +(closed.closedAt ?? 0)).toBeCloseTo(days(30), -3)
    expect(await db().subscription.findFirst()).toMatchObject({ cancelAt: expect.any(Date) })
    expect(mails(w)).toEqual([
      "Acme is closed → alice@acme.test",
      "Acme is closed → charlie@birch.test",
      "Alice Archer wants to close Acme → charlie@birch.test",
    ])
    expect(w.mailbox.latestTo("charlie@birch.test").text).toContain("Alice Archer closed Acme")
    expect((await acts()).sort()).toEqual(["organization.closed", "organization.closing_requested"])
  })

  test("[O11] asks nobody where nothing was ever bought", async () => {
    const w = await world()
    await w.stripe.fault({ kind: "500", times: null })
    await close(w)
    expect(closingOf(w.cast.acme.id)).toMatchObject({ state: "closed" })
    expect(mails(w)).toEqual(["Acme is closed → alice@acme.test"])
  })

  test.each(["reset", "429", "500"] as const)(
    "[O11] waits while Stripe answers with %s, says so, stays open, and closes once it answers",
    async kind => {
      const w = await world()
      const plan = await sellPlan(w, sale(w))
      await w.stripe.fault({ kind, times: null })
      await close(w)
      expect(await acme()).toMatchObject({
        ...isOpen,
        closeTrouble: expect.stringContaining("payment provider"),
      })
      await quickTries(w)
      w.clock.advance(hours(1))
      await round(w)
      expect(await acme()).toMatchObject(isOpen)
      expect(closingOf(w.cast.acme.id)).toMatchObject({ state: "waiting", trouble: expect.any(String) })
      expect(mails(w)).toEqual([])
      expect(await db().job.count({ where: { state: "dead" } })).toBe(0)

      await w.stripe.clearFaults()
      w.clock.advance(hours(1))
      await round(w)
      expect(await acme()).toMatchObject({ closeTrouble: null, closedAt: expect.any(Date) })
      expect(await atStripe(w, plan)).toEqual({ status: "active", ending: true })
      expect(mails(w)).toEqual(["Acme is closed → alice@acme.test"])
    },
    30_000,
  )

  test("[O11] where Stripe was set up once and is no longer, it waits and tells the operator", async () => {
    const w = await world()
    await sellPlan(w, sale(w))
    w.settings({ STRIPE_SECRET_KEY: "" })
    await close(w)
    expect(await acme()).toMatchObject({ ...isOpen, closeTrouble: expect.stringContaining("have been told") })
    expect(await listAlerts()).toMatchObject([{ title: "Acme cannot be closed" }])
    w.settings({})
    await round(w)
    expect(await acme()).toMatchObject({ closedAt: expect.any(Date) })
    expect(await listAlerts()).toEqual([])
  })

  test("[O11] an unpaid plan ends at once", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    await w.stripe.setCard({ customer: plan.stripeCustomerId, works: false })
    await w.stripe.advance({ months: 1, days: 1 })
    await w.arrive()
    expect(await atStripe(w, plan)).toMatchObject({ status: "past_due" })
    await close(w)
    expect(await atStripe(w, plan)).toMatchObject({ status: "canceled" })
    expect(await db().subscription.findFirst()).toMatchObject({ status: "canceled", endedByClosingAt: null })
    expect(await acme()).toMatchObject({ closedAt: expect.any(Date) })
  })

  test("[O11] payment pages are closed, and no new one opens", async () => {
    const w = await world()
    const session = await openPage(sale(w))
    await close(w)
    await expect(w.stripe.completeCheckout({ session })).rejects.toThrow("expired")
    expect(await db().checkout.findFirst()).toMatchObject({ state: "abandoned" })
    await expect(openPage(sale(w))).rejects.toThrow("closing")
  })

  test("[O11] a page paid a moment before is a plan all the same, and is let run out", async () => {
    const w = await world()
    const session = await openPage(sale(w))
    await w.stripe.completeCheckout({ session })
    await close(w)
    const plan = await db().subscription.findFirstOrThrow()
    expect(await atStripe(w, plan)).toEqual({ status: "active", ending: true })
    const before = { state: closingOf(w.cast.acme.id).state, plans: await db().subscription.count() }
    await w.arrive()
    expect({ state: closingOf(w.cast.acme.id).state, plans: await db().subscription.count() }).toEqual(before)
  })

  test("[O11] a page that was being made while it was closed is refused and closed too", async () => {
    const w = await world()
    const { organization, owner } = sale(w)
    await w.stripe.fault({ kind: "hang", times: 1, path: "/v1/checkout/sessions", after: true })
    const opening = startCheckout({
      plan: "starter",
      interval: "month",
      email: owner.email,
      businessName: organization.name,
      organizationId: organization.id,
      userId: owner.id,
      requester,
    })
    await new Promise(resolve => setTimeout(resolve, 1_000))
    await close(w)
    expect(await opening).toMatchObject({ ok: false, error: { code: "closing" } })
    await w.settle()
    expect(await db().checkout.findFirst()).toMatchObject({ state: "abandoned" })
  }, 20_000)

  test("[O11] a bank debit on its way buys nothing any more", async () => {
    const w = await world()
    const session = await openPage(sale(w))
    await w.stripe.completeCheckout({ session, outcome: "bank_debit" })
    await w.arrive()
    await close(w)
    const [subscription] = await w.stripe
      .events({ types: ["customer.subscription.deleted"] })
      .then(events => events.map(event => event.data.object))
    expect(subscription).toMatchObject({ status: "canceled" })
  })

  test("[O11] what is bought or taken up again at Stripe afterwards is ended by the next round", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    await close(w)
    await w.stripe.cancel({ subscription: plan.stripeSubscriptionId, when: "undo" })
    await w.arrive()
    expect(await atStripe(w, plan)).toMatchObject({ ending: false })
    await round(w)
    expect(await atStripe(w, plan)).toEqual({ status: "active", ending: true })
    expect(mails(w)).toEqual(["Acme is closed → alice@acme.test"])
  })

  test("[O11] two owners on two connections close it once", async () => {
    const w = await world()
    await buildMembership(db(), { user: w.cast.charlie, organization: w.cast.acme, role: "owner" })
    const other = await connect(w.database.file)
    try {
      const asked = await Promise.all([
        requestClosing(await member(w.cast.alice, "acme"), requester),
        withDatabase(other, async () => requestClosing(await member(w.cast.charlie, "acme"), requester)),
      ])
      expect(asked.filter(one => one.ok)).toHaveLength(1)
    } finally {
      await other.close()
    }
    await w.settle()
    expect((await acts()).filter(act => act === "organization.closing_requested")).toHaveLength(1)
    expect(mails(w).slice(0, 2)).toEqual([
      "Acme is closed → alice@acme.test",
      "Acme is closed → charlie@birch.test",
    ])
    // The one who was first asked; the other one is told.
    expect(mails(w).slice(2)).toEqual([expect.stringMatching(/ wants to close Acme → /)])
  })

  test("[O11] someone who is no owner any more closes nothing", async () => {
    const w = await world()
    const alice = await member(w.cast.alice, "acme")
    await db().membership.updateMany({ where: { userId: w.cast.alice.id }, data: { role: "admin" } })
    expect(await requestClosing(alice, requester)).toEqual({ ok: false, error: "already" })
    expect(await acme()).toMatchObject(isUntouched)
  })
})

describe("closing while a change of plan is confirmed", () => {
  async function confirmed(w: BillingWorld, slow: "GET" | "POST") {
    const row = await sellPlan(w, sale(w))
    const owner = await member(w.cast.alice, "acme")
    const preview = await previewPlan(owner, { plan: "enterprise", interval: "year" })
    if (!preview.ok) throw new Error(preview.error)
    await w.stripe.fault({ kind: "slow", times: 1, delayMs: 2_000, path: "/v1/subscriptions", method: slow })
    const change = changePlan(owner, preview.value.offer, requester)
    return { row, change: change.then(async done => ({ done, stripes: await atStripe(w, row) })) }
  }
  const bills = async (id: string) =>
    (await stripe().invoices.list({ subscription: id })).data.map(invoice => invoice.total).sort()

  test("[O11] asked before it is charged, it is not charged any more", async () => {
    const w = await world()
    const { row, change } = await confirmed(w, "GET")
    await new Promise(resolve => setTimeout(resolve, 200))
    await close(w)
    expect((await change).done).toEqual({ ok: false, error: "closing" })
    await w.settle()
    expect(await bills(row.stripeSubscriptionId)).toEqual([7_900])
    expect(await atStripe(w, row)).toEqual({ status: "active", ending: true })
  })

  test("[O11] asked while it is being charged, Stripe hears of the end after the change", async () => {
    const w = await world()
    const { row, change } = await confirmed(w, "POST")
    await vi.waitFor(async () => expect(await bills(row.stripeSubscriptionId)).toHaveLength(2))
    await Promise.all([close(w), change])
    expect(await change).toMatchObject({ done: { ok: true }, stripes: { ending: false } })
    await w.settle()
    expect(await atStripe(w, row)).toEqual({ status: "active", ending: true })
    expect(await acme()).toMatchObject({ archivedAt: expect.any(Date) })
  })
})

describe("taking it back", () => {
  test("[O11] called off while Stripe is away, nothing has happened, and the plan goes on", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    // The plan is ended, then Stripe falls silent.
    await w.stripe.fault({ kind: "500", times: null, method: "POST", path: "/v1/subscriptions", after: true })
    await close(w)
    expect(await atStripe(w, plan)).toMatchObject({ ending: true })
    await w.stripe.clearFaults()
    expect(await reopen(w)).toMatchObject({ ok: true, value: { outcome: "called_off", plan: "goes_on" } })
    await w.settle()
    await round(w)
    expect(await acme()).toMatchObject(isUntouched)
    expect(await atStripe(w, plan)).toEqual({ status: "active", ending: false })
    expect(await db().subscription.findFirst()).toMatchObject({ cancelAt: null, endedByClosingAt: null })
    expect(mails(w)).toEqual([])
    expect((await acts()).at(-1)).toBe("organization.closing_called_off")
  })

  test("[O11] restored within the grace, everything is as it was and the plan goes on", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    const before = { ...(await acme()), updatedAt: null }
    await close(w)
    w.mailbox.clear()
    w.clock.advance(days(20))
    expect(await reopen(w)).toMatchObject({ ok: true, value: { outcome: "restored", plan: "goes_on" } })
    await w.settle()
    expect({ ...(await acme()), updatedAt: null }).toEqual(before)
    expect(await atStripe(w, plan)).toEqual({ status: "active", ending: false })
    expect(await db().subscription.findFirst()).toMatchObject({ cancelAt: null, endedByClosingAt: null })
    expect(mails(w)).toEqual(["Acme is open again → alice@acme.test"])
    expect((await acts()).filter(act => act !== "organization.exported").at(-1)).toBe("organization.reopened")
    expect(await acts()).not.toContain("organization.restored")
    expect(await reopen(w)).toEqual({ ok: false, error: "not_closing" })
  })

  test("[O11] a plan its owner had ended before stays ended", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    await w.stripe.cancel({ subscription: plan.stripeSubscriptionId, when: "period_end" })
    await w.arrive()
    await close(w)
    expect(await reopen(w)).toMatchObject({ ok: true, value: { plan: "nothing" } })
    await w.settle()
    expect(await atStripe(w, plan)).toMatchObject({ ending: true })
  })

  test("[O11] a plan that ran out meanwhile is gone, and the owners are told", async () => {
    const w = await world()
    await sellPlan(w, sale(w))
    await close(w)
    await w.stripe.advance({ months: 1, days: 1 })
    await w.arrive()
    w.mailbox.clear()
    expect(await reopen(w)).toMatchObject({ ok: true, value: { outcome: "restored", plan: "gone" } })
    await w.settle()
    expect(w.mailbox.latestTo("alice@acme.test").text).toContain("its plan has ended")
    expect(await db().subscription.findFirst()).toMatchObject({ endedByClosingAt: null })
  })

  test("[O11] while Stripe is away the plan waits, and goes on with the next round", async () => {
    const w = await world()
    const plan = await sellPlan(w, sale(w))
    await close(w)
    await w.stripe.fault({ kind: "reset", times: null })
    await reopen(w)
    await w.settle()
    await quickTries(w)
    expect(await acme()).toMatchObject(isUntouched)
    await w.stripe.clearFaults()
    await round(w)
    expect(await atStripe(w, plan)).toEqual({ status: "active", ending: false })
    expect(await db().job.count({ where: { state: "dead" } })).toBe(0)
  }, 20_000)

  test("[O11] an operator's hold outlives it", async () => {
    const w = await world()
    await close(w)
    await db().archiveHold.create({
      data: { organizationId: w.cast.acme.id, because: "operator", at: new Date() },
    })
    w.mailbox.clear()
    expect(await reopen(w)).toMatchObject({ value: { outcome: "restored", stillArchived: ["operator"] } })
    expect(await acme()).toMatchObject({ archivedAt: expect.any(Date), holds: [{ because: "operator" }] })
    await w.settle()
    expect(mails(w)).toEqual(["Acme is no longer closed → alice@acme.test"])
    const { text } = w.mailbox.latestTo("alice@acme.test")
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      "still archived, because an operator of this installation archived it",
    )
  })

  test("[O11] calling off and finishing at the same moment, on two connections, leave one of both", async () => {
    const w = await world()
    const other = await connect(w.database.file)
    try {
      for (let i = 0; i < 4; i += 1) {
        await requestClosing(await member(w.cast.alice, "acme"), requester)
        const back = () => withDatabase(other, () => reopen(w))
        const [taken] =
          i % 2
            ? await Promise.all([back(), w.settle()])
            : (await Promise.all([w.settle(), back()])).reverse()
        expect(taken).toMatchObject({ ok: true })
        await w.settle()
        expect(await acme()).toMatchObject(isUntouched)
      }
    } finally {
      await other.close()
    }
  })
})
