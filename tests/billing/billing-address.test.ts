import { describe, expect, test } from "vitest"
import { parseAddress } from "~/domain/accounts/addresses.server"
import { changeBillingAddress } from "~/domain/billing/billing-address.server"
import { followBillingAddress } from "~/domain/billing/customer-address.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { buildMembership } from "../support/cast"
import { days, minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const page = "/o/acme/billing"

const sale = ({ cast }: BillingWorld) => ({ organization: cast.acme, owner: cast.alice })
const acme = () => db().organization.findUniqueOrThrow({ where: { slug: "acme" } })
const changes = () => db().auditEntry.findMany({ where: { act: "billing.address_changed" } })

async function signedIn(w: BillingWorld, who: "alice" | "amir" | "bob" | "charlie") {
  const browser = w.browser()
  await signIn(w, browser, w.cast[who].email)
  w.mailbox.clear()
  return browser
}

async function change(w: BillingWorld, typed: string) {
  const address = parseAddress(typed)
  return changeBillingAddress(
    await member(w.cast.alice, "acme"),
    address.ok ? address.value : undefined,
    requester,
  )
}

async function atStripe(customer: string): Promise<string | null> {
  const found = await stripe().customers.retrieve(customer)
  return found.deleted ? null : found.email
}

const mails = (w: BillingWorld) =>
  w.mailbox
    .messages()
    .map(mail => `${mail.subject} → ${mail.to.join()}`)
    .sort()

describe("the billing address", () => {
  test("[O12] an owner gives one: kept in one form, told to Stripe, to it and to the owners, and to nobody else", async () => {
    const w = await world()
    await buildMembership(db(), { user: w.cast.charlie, organization: w.cast.acme, role: "owner" })
    const { stripeCustomerId } = await sellPlan(w, sale(w))
    const alice = await signedIn(w, "alice")
    const saved = await alice.post(page, { email: " Pay@München.test " })
    expect([saved.status, saved.location]).toEqual([303, page])
    expect((await alice.open(page)).body).toContain("Mail about payments also goes to Pay@München.test.")
    const canonical = "pay@xn--mnchen-3ya.test"
    expect((await acme()).billingEmail).toBe(canonical)
    await w.settle()
    expect(await atStripe(stripeCustomerId)).toBe(canonical)
    expect(mails(w)).toEqual([
      "Acme has a billing address now → alice@acme.test",
      "Acme has a billing address now → charlie@birch.test",
      "Mail about payments of Acme comes here now → pay@münchen.test",
    ])
    expect(await changes()).toMatchObject([
      { actorUserId: w.cast.alice.id, detail: JSON.stringify({ from: null, to: canonical }) },
    ])
    expect(
      await db().mail.count({ where: { template: { startsWith: "billing_" }, organizationId: null } }),
    ).toBe(0)
  })

  test("[O12] another takes its place: the former one is told, not which one it is", async () => {
    const w = await world()
    await change(w, "old@books.test")
    await w.settle()
    w.mailbox.clear()
    await change(w, "new@books.test")
    await w.settle()
    expect(mails(w)).toEqual([
      "Mail about payments of Acme comes here now → new@books.test",
      "Mail about payments of Acme no longer comes here → old@books.test",
    ])
    expect(w.mailbox.latestTo("old@books.test").text).not.toContain("new@books.test")
  })

  test("[O12] left empty it is taken out: the former one is told, and Stripe has the first owner again", async () => {
    const w = await world()
    const { stripeCustomerId } = await sellPlan(w, sale(w))
    await change(w, "pay@books.test")
    await w.settle()
    const alice = await signedIn(w, "alice")
    expect((await alice.get(page)).body).toContain('value="pay@books.test"')
    await alice.post(page, { email: "" })
    await w.settle()
    expect((await acme()).billingEmail).toBeNull()
    expect(await atStripe(stripeCustomerId)).toBe("alice@acme.test")
    expect(mails(w)).toEqual(["Mail about payments of Acme no longer comes here → pay@books.test"])
  })

  test("[O12] the same again writes nothing and mails nobody; an owner's own address is told once", async () => {
    const w = await world()
    await change(w, "alice@acme.test")
    await w.settle()
    expect(mails(w)).toEqual(["Acme has a billing address now → alice@acme.test"])
    expect(await change(w, "ALICE@acme.test")).toEqual({ ok: true, value: { changed: false } })
    expect(await changes()).toHaveLength(1)
  })

  test("[O12] a name that reads like an address leads nowhere in mail to a stranger", async () => {
    const w = await world()
    await db().organization.update({ where: { slug: "acme" }, data: { name: "Win at https://evil.example" } })
    await change(w, "stranger@books.test")
    await w.settle()
    const { text, html } = w.mailbox.latestTo("stranger@books.test")
    for (const body of [text, html]) expect(body).not.toContain("evil.example")
  })

  test("[O12] what is no address is said at the field, and stays typed", async () => {
    const w = await world()
    const alice = await signedIn(w, "alice")
    for (const typed of ["nonsense", "a@b, c@d.test", "a@x.test\nBcc: b@x.test"]) {
      const refused = await alice.post(page, { email: typed })
      expect(refused.status).toBe(400)
      expect(refused.body).toContain("Enter an e-mail address, such as name@example.com.")
    }
    expect((await alice.post(page, { email: "nonsense" })).body).toContain('value="nonsense"')
    expect((await acme()).billingEmail).toBeNull()
    await w.settle()
    expect(mails(w)).toEqual([])
  })

  test("[O12] five changes a day, three to one mailbox", async () => {
    const w = await world()
    for (const typed of ["a@x.test", "b@x.test", "a+1@x.test", "c@x.test", "a+2@x.test"])
      expect(await change(w, typed)).toMatchObject({ ok: true })
    expect(await change(w, "d@x.test")).toMatchObject({ ok: false })
    const alice = await signedIn(w, "alice")
    const refused = await alice.post(page, { email: "d@x.test" })
    expect(refused.status).toBe(429)
    expect(refused.body).toContain("You can try again in")
    w.clock.advance(days(1))
    expect(await change(w, "d@x.test")).toMatchObject({ ok: true })
  })

  test("[O2] it is the owners' to decide, and theirs to see", async () => {
    const w = await world()
    await change(w, "pay@books.test")
    for (const [who, seen, posted] of [
      ["amir", 200, 403],
      ["bob", 200, 403],
      ["charlie", 404, 404],
    ] as const) {
      const browser = await signedIn(w, who)
      const shown = await browser.get(page)
      expect([who, shown.status]).toEqual([who, seen])
      expect(shown.body).not.toContain("pay@books.test")
      expect((await browser.post(page, { email: "mine@x.test" })).status).toBe(posted)
    }
    expect((await acme()).billingEmail).toBe("pay@books.test")
  })
})

describe("what goes there", () => {
  test("[O12] news of a payment that failed, besides the owners, without a button that leads nowhere", async () => {
    const w = await world()
    const { stripeCustomerId } = await sellPlan(w, sale(w))
    await change(w, "pay@books.test")
    await w.settle()
    w.mailbox.clear()
    await w.stripe.setCard({ customer: stripeCustomerId, works: false })
    await w.stripe.advance({ months: 1, days: 1 })
    await w.arrive()
    expect(mails(w)).toEqual([
      "The payment for Acme did not go through → alice@acme.test",
      "The payment for Acme did not go through → pay@books.test",
    ])
    expect(w.mailbox.latestTo("alice@acme.test").text).toContain(page)
    expect(w.mailbox.latestTo("pay@books.test").text).not.toContain(page)
  })

  test("[O12] a customer that is made later has it, too", async () => {
    const w = await world()
    await change(w, "pay@books.test")
    await w.settle()
    const { stripeCustomerId } = await sellPlan(w, sale(w))
    await w.settle()
    expect(await atStripe(stripeCustomerId)).toBe("pay@books.test")
  })

  test("[O12] while Stripe does not answer it waits and tries again", async () => {
    const w = await world()
    const { stripeCustomerId } = await sellPlan(w, sale(w))
    await w.stripe.fault({ kind: "500", times: null })
    await change(w, "pay@books.test")
    await w.settle()
    expect(await atStripe(stripeCustomerId).catch(() => "no answer")).toBe("no answer")
    await w.stripe.clearFaults()
    expect(await atStripe(stripeCustomerId)).toBe("alice@acme.test")
    w.clock.advance(minutes(2))
    await w.settle()
    expect(await atStripe(stripeCustomerId)).toBe("pay@books.test")
  }, 30_000)

  test("[O12] two changes at once end with the one that is kept, here and at Stripe", async () => {
    const w = await world()
    const { stripeCustomerId } = await sellPlan(w, sale(w))
    const second = await connect(w.database.file)
    try {
      await Promise.all([
        change(w, "one@books.test"),
        withDatabase(second, () => change(w, "two@books.test")),
      ])
      await w.settle()
      const kept = (await acme()).billingEmail
      expect(["one@books.test", "two@books.test"]).toContain(kept)
      expect(await atStripe(stripeCustomerId)).toBe(kept)
      expect(await changes()).toHaveLength(2)
      const details = (await changes()).map(line => JSON.parse(line.detail))
      expect(details.map(detail => detail.from)).toContain(null)
      expect(details.map(detail => detail.from).filter(Boolean)).toHaveLength(1)
    } finally {
      await second.close()
    }
  })

  test("[O12] an organisation that is gone meanwhile is no trouble", async () => {
    const w = await world()
    await db().organization.delete({ where: { slug: "birch" } })
    await followBillingAddress.enqueue(db(), { organizationId: w.cast.birch.id })
    await w.settle()
    expect(await db().job.count({ where: { kind: "billing.customer-address", state: "done" } })).toBe(1)
  })
})
