import { expect, test } from "vitest"
import { chooseOrganization } from "~/domain/accounts/sessions.server"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { closingOf } from "~/domain/billing/closing.server"
import { followClosings } from "~/domain/billing/closing-round.server"
import { reconcile } from "~/domain/billing/reconciliation.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { notifyOperators } from "~/domain/mail/notify-operators.server"
import { invite } from "~/domain/organizations/invite.server"
import { now } from "~/platform/clock.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Organization, User } from "~/platform/models.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { stripe } from "~/platform/stripe.server"
import { buildMembership, buildOrganization } from "../support/cast"
import { days, hours, minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { atStripe, openPage, sellPlan } from "../support/plan"
import { Program, signInProgram } from "../support/program"
import { type BillingWorld, postEvent, setUpBillingWorld } from "../support/stripe"
import { bytesWith, tracesIn } from "../support/traces"
import { askForLink, confirm } from "../support/world"

const world = setUpBillingWorld()

type Place = { organization: Organization; owner: User }

/** An organisation of Alice's whose name is found nowhere else, with something in every table that can be of it. */
async function quill(w: BillingWorld): Promise<Place> {
  const { alice: owner, bob } = w.cast
  const organization = await buildOrganization(db(), {
    name: "Quillfeather Works",
    slug: "quillfeather",
    members: [
      [owner, "owner"],
      [bob, "member"],
    ],
  })
  return { organization, owner }
}

async function furnish(w: BillingWorld, { organization, owner }: Place): Promise<void> {
  const { id: organizationId, name } = organization
  const at = now()
  await invite(
    await member(owner, organization.slug),
    { addresses: "pending@stranger.test", role: "member" },
    { seats: null, requester },
  )
  await db().organization.update({
    where: { id: organizationId },
    data: {
      billingEmail: "bills@quillfeather.test",
      logo: { create: { png: Buffer.from("Quillfeather Works"), hash: "quillfeather", updatedAt: at } },
      formerSlugs: { create: { slug: "quillworks", createdAt: at } },
      domains: { create: { domain: "quillfeather.test", addedById: owner.id, createdAt: at } },
      domainBars: { create: { userId: w.cast.amir.id, at } },
      onboarding: {
        upsert: {
          create: { startedAt: at, steps: { create: { step: "profile", state: "done", at } } },
          update: {},
        },
      },
      transfer: { create: { fromUserId: owner.id, toUserId: w.cast.bob.id, createdAt: at, expiresAt: at } },
    },
  })
  for (const found of [{ organizationId }, { organizationId: null }]) {
    const plan = await db().subscription.findFirst({ where: { organizationId } })
    const stripeSubscriptionId = plan?.stripeSubscriptionId ?? "sub_never_bought"
    await db().driftFinding.create({
      data: { ...found, id: newId(), stripeSubscriptionId, what: "status", repaired: true, at },
    })
  }
  await raiseAlert(`pays-twice:${organizationId}`, { title: `${name} pays for two plans`, words: "Look." })
  await notifyOperators()
  // A stranger who gave up before buying, and people on their way in when it is erased.
  await db().checkout.create({
    data: {
      id: newId(),
      plan: "starter",
      email: owner.email,
      emailTyped: owner.email,
      businessName: name,
      state: "abandoned",
      createdAt: at,
      updatedAt: at,
    },
  })
  for (const place of ["/o/quillfeather/members", "/o/quillworks?page=2", "/pricing?org=quillfeather"]) {
    w.clock.advance(minutes(61))
    await askForLink(w, w.browser(), "bob@acme.test", place)
  }
  await w.settle()
  const program = await signInProgram(new Program(w.url), w.cast.bob)
  await chooseOrganization(program.sessionId, organizationId)
  await db().apiKey.create({
    data: {
      id: newId(),
      organizationId,
      createdById: owner.id,
      name: "Quillfeather’s ledger",
      tokenHash: newId(),
      hint: "gate",
      scopes: "members:read",
      createdAt: at,
    },
  })
  await reconcile()
  w.mailbox.clear()
}

const itsNames = ({ organization }: Place) => [
  new RegExp(organization.id),
  /quill ?(feather|works)/i,
  /pending@stranger\.test/,
]

async function close(w: BillingWorld, { organization, owner }: Place): Promise<void> {
  await requestClosing(await member(owner, organization.slug), requester)
  await w.settle()
}

async function round(w: BillingWorld): Promise<void> {
  await followClosings()
  await w.settle()
}

const subjects = (w: BillingWorld) => w.mailbox.messages().map(mail => `${mail.subject} → ${mail.to.join()}`)
const isThere = async ({ organization }: Place) =>
  (await db().organization.count({ where: { id: organization.id } })) > 0

test("[O11] after the grace no column of any table knows it, and only invoice numbers are kept", async () => {
  const w = await world()
  const place = await quill(w)
  const plan = await sellPlan(w, place)
  await w.stripe.advance({ months: 1, days: 1 })
  await w.arrive()
  await furnish(w, place)
  const { organization } = place
  const others = tracesIn(w.database.file, [new RegExp(w.cast.birch.id), new RegExp(w.cast.acme.id)])
  const known = tracesIn(w.database.file, itsNames(place)).map(line => line.split(":")[0])
  for (const column of [
    "Setting.value",
    "StripeEvent.effect",
    "Session.organizationId",
    "ApiKey.name",
    "StripeEvent.organizationId",
    "DriftFinding.organizationId",
    "Mail.parameters",
    "Link.redirectTo",
    "Job.payload",
    "Checkout.businessName",
    "AuditEntry.target",
    "OrganizationLogo.png",
  ])
    expect(known).toContain(column)

  await close(w, place)
  expect(subjects(w)).toEqual(["Quillfeather Works is closed → alice@acme.test"])
  w.mailbox.clear()
  w.clock.advance(days(26))
  await round(w)
  expect(subjects(w)).toEqual([])
  w.clock.advance(days(2))
  await round(w)
  await round(w)
  expect(subjects(w)).toEqual([
    expect.stringMatching(/^Quillfeather Works will be erased on .* → alice@acme.test$/),
  ])
  w.mailbox.clear()
  expect(await isThere(place)).toBe(true)

  const closedOn = (await db().organization.findUniqueOrThrow({ where: { id: organization.id } })).closedAt
  w.clock.advance(days(3))
  await round(w)
  expect(tracesIn(w.database.file, itsNames(place))).toEqual([])
  expect(await db().driftFinding.count()).toBe(0)
  expect(bytesWith(w.database.file, itsNames(place))).toEqual([])
  expect(bytesWith(w.database.file, [new RegExp(w.cast.birch.id)])).not.toEqual([])
  expect(tracesIn(w.database.file, [new RegExp(w.cast.birch.id), new RegExp(w.cast.acme.id)])).toEqual(others)
  const { stripeCustomerId } = plan
  const customer = await stripe().customers.retrieve(stripeCustomerId)
  expect(customer).toMatchObject({ deleted: true })
  expect(await atStripe(w, plan)).toMatchObject({ status: "canceled" })
  expect(subjects(w)).toEqual([
    expect.stringMatching(/^The organisation closed on .* is erased → alice@acme.test$/),
  ])
  expect(w.mailbox.latestTo("alice@acme.test").text).toContain(String(closedOn?.getUTCFullYear()))

  const kept = await db().retainedRecord.findMany()
  expect(kept.length).toBe(2)
  for (const { kind, value } of kept)
    expect([kind, value]).toEqual(["invoice_number", expect.stringMatching(/-\d{4}$/)])
  const [line] = await db().auditEntry.findMany({ where: { act: "organization.erased" } })
  expect(line).toMatchObject({
    organizationId: null,
    actorUserId: null,
    target: kept[0]?.pseudonym,
    detail: '{"invoices":2}',
  })
  expect(await db().user.count({ where: { email: { in: ["alice@acme.test", "bob@acme.test"] } } })).toBe(2)
  await round(w)
  expect(await db().auditEntry.count({ where: { act: "organization.erased" } })).toBe(1)
})

test("[O11] a stranger's first purchase by bank debit, its welcome and its unpaid bills leave nothing behind either", async () => {
  const w = await world()
  const dora = w.browser()
  await dora.post("/checkout", {
    plan: "professional",
    email: "dora@example.test",
    businessName: "Dora & Daughters",
  })
  const { session } = await w.stripe.completeCheckout({ outcome: "bank_debit" })
  await w.arrive()
  await w.stripe.settlePayment({ session: session.id })
  await w.arrive()
  await confirm(dora, w.mailbox.latestTo("dora@example.test").link ?? "", { name: "Dora" })
  const { stripeCustomerId: customer } = await db().subscription.findFirstOrThrow()
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ months: 1, days: 1 })
  await w.arrive()
  const organization = await db().organization.findUniqueOrThrow({ where: { slug: "dora-and-daughters" } })
  const owner = await db().user.findUniqueOrThrow({ where: { email: "dora@example.test" } })
  const sent = (await db().mail.findMany()).map(mail => mail.template).sort()
  expect(sent).toEqual(["activation", "payment_failed", "payment_on_its_way", "welcome"])
  await close(w, { organization, owner })
  w.clock.advance(days(31))
  await round(w)
  expect(
    tracesIn(w.database.file, [new RegExp(organization.id), /dora (&|and) daughters/i, /dora-and/]),
  ).toEqual([])
})

test("[O11] what Stripe tells afterwards brings nothing back", async () => {
  const w = await world()
  const place = await quill(w)
  await sellPlan(w, place)
  await close(w, place)
  w.clock.advance(days(31))
  await round(w)
  for (const event of await w.stripe.events()) await postEvent(w.url, { ...event, id: `${event.id}_again` })
  await w.arrive()
  await reconcile()
  expect([await isThere(place), await db().subscription.count(), await db().checkout.count()]).toEqual([
    false,
    0,
    0,
  ])
  expect(await db().stripeEvent.count({ where: { state: { notIn: ["done", "ignored"] } } })).toBe(0)
})

test("[O11] nothing is erased while Stripe cannot be reached, and its owners read why", async () => {
  const w = await world()
  const place = await quill(w)
  await sellPlan(w, place)
  await close(w, place)
  w.clock.advance(days(31))
  await w.stripe.fault({ kind: "429", times: null })
  await round(w)
  for (let i = 0; i < 4; i += 1) {
    w.clock.advance(minutes(2))
    await w.settle()
  }
  w.clock.advance(hours(1))
  await round(w)
  expect(closingOf(place.organization.id)).toMatchObject({
    state: "erasing",
    trouble: "The payment provider is busy.",
  })
  expect(await db().retainedRecord.count()).toBe(0)
  await w.stripe.clearFaults()
  w.clock.advance(hours(1))
  await round(w)
  expect(await isThere(place)).toBe(false)
  expect(await db().job.count({ where: { state: "dead" } })).toBe(0)
})

test("[O11] an open organisation, a waiting one and one within its grace are never erased", async () => {
  const w = await world()
  const place = await quill(w)
  await sellPlan(w, place)
  w.clock.advance(days(400))
  await round(w)
  await w.stripe.fault({ kind: "429", times: null })
  await close(w, place)
  w.clock.advance(days(400))
  await round(w)
  expect(await isThere(place)).toBe(true)
  await w.stripe.clearFaults()
  await round(w)
  w.clock.advance(days(30) - minutes(5))
  await round(w)
  expect(closingOf(place.organization.id)).toMatchObject({ state: "closed" })
})

test("[O11] the grace is a setting, and a short one is not announced twice", async () => {
  const w = await world()
  w.settings({ CLOSING_GRACE: "2d" })
  const place = await quill(w)
  await close(w, place)
  w.clock.advance(days(1))
  await round(w)
  expect(subjects(w)).toEqual(["Quillfeather Works is closed → alice@acme.test"])
  w.clock.advance(days(1))
  await round(w)
  expect(await isThere(place)).toBe(false)
})

test("[O11] whoever restores after the grace is too late", async () => {
  const w = await world()
  const place = await quill(w)
  await close(w, place)
  const alice = await member(place.owner, "quillfeather")
  w.clock.advance(days(30))
  expect(await reopenOrganization(alice, requester)).toEqual({ ok: false, error: "too_late" })
  await round(w)
  expect(await reopenOrganization(alice, requester)).toEqual({ ok: false, error: "changed" })
})

test("[O11] restoring and erasing at the last moment, on two connections: either is whole", async () => {
  const w = await world()
  w.settings({ CLOSING_GRACE: "1s", LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "1000" })
  const other = await connect(w.database.file)
  const outcomes = new Set<boolean>()
  try {
    for (let i = 0; i < 12; i += 1) {
      clearLimits()
      const place = await quill(w)
      await sellPlan(w, place)
      await requestClosing(await member(place.owner, "quillfeather"), requester)
      await w.settle()
      const { eraseAt } = await db().organization.findUniqueOrThrow({ where: { id: place.organization.id } })
      const alice = await member(place.owner, "quillfeather")
      // Both begin within a few milliseconds of the end of the grace.
      w.clock.advance(+(eraseAt ?? 0) - +now() - 60 + 8 * i)
      const erase = async () => {
        while (+now() < +(eraseAt ?? 0)) await new Promise(resolve => setTimeout(resolve, 1))
        await round(w)
      }
      const [back] = await Promise.all([
        withDatabase(other, () => reopenOrganization(alice, requester)),
        erase(),
      ])
      await w.settle()
      expect(await isThere(place)).toBe(back.ok)
      outcomes.add(back.ok)
      if (back.ok) {
        const plan = await db().subscription.findFirstOrThrow({
          where: { organizationId: place.organization.id },
        })
        expect(await atStripe(w, plan)).toEqual({ status: "active", ending: false })
        await db().organization.delete({ where: { id: place.organization.id } })
      }
    }
  } finally {
    await other.close()
  }
  expect(outcomes).toEqual(new Set([true, false]))
}, 60_000)

test("[O11] a payment page that opens at the last moment does not outlive it", async () => {
  const w = await world()
  const place = await quill(w)
  const session = await openPage(place)
  // As if the page had been made behind the back of the closing.
  await close(w, place)
  await db().checkout.updateMany({ data: { state: "open" } })
  await buildMembership(db(), { user: w.cast.charlie, organization: place.organization, role: "owner" })
  await round(w)
  expect(await db().checkout.findFirst()).toMatchObject({ state: "abandoned" })
  await expect(w.stripe.completeCheckout({ session })).rejects.toThrow("expired")
})
