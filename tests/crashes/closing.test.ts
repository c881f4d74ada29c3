import { expect, test } from "vitest"
import { tracesIn } from "../support/traces"
import { type CrashPoint, type House, setUpHouse } from "./house"
import { cutOff, press } from "./visitor"

const house = setUpHouse()
const email = "dora@example.test"
const name = "Dora & Daughters"
const closure = "/o/dora-and-daughters/closure"

/** Dora buys a plan and signs in with the mail. From then on the server may die where it is told. */
async function doraOwns(h: House, crashAt: CrashPoint) {
  const dora = h.browser()
  await dora.post("/checkout", { plan: "professional", interval: "month", email, businessName: name })
  await h.stripe.completeCheckout()
  await h.stripe.releaseAll()
  await h.settled()
  await press(dora, h.mailbox.latestTo(email).link, { name: "Dora" })
  await h.settled()
  h.mailbox.clear()
  await h.start(crashAt)
  return dora
}

const subscription = (h: House) =>
  h.rows<{ cancelAt: number | null; endedByClosingAt: number | null }>(
    "SELECT cancelAt, endedByClosingAt FROM Subscription",
  )[0]
const closed = (h: House) =>
  h.rows<{ closedAt: number | null; archivedAt: number | null; closeRequestedAt: number | null }>(
    "SELECT closedAt, archivedAt, closeRequestedAt FROM Organization",
  )[0]
const subjects = (h: House) => h.mailbox.messages().map(mail => mail.subject)

test.each(["closing.plan-ended", "closing.stripe-agreed", "closing.before-commit"] as const)(
  "[O11] killed at %s, the organisation is open, and the next start closes it once, with a plan that can be taken back",
  async crashAt => {
    const h = await house()
    const dora = await doraOwns(h, crashAt)
    await dora.post(closure, { intent: "close", name }).catch(() => {})
    await h.died()
    expect(closed(h)).toMatchObject({
      closedAt: null,
      archivedAt: null,
      closeRequestedAt: expect.any(Number),
    })
    expect(subjects(h)).toEqual([])
    await h.start()
    await h.settled()
    expect(closed(h)).toMatchObject({ closedAt: expect.any(Number), archivedAt: expect.any(Number) })
    expect(subscription(h)).toMatchObject({
      cancelAt: expect.any(Number),
      endedByClosingAt: expect.any(Number),
    })
    expect(subjects(h)).toEqual([`${name} is closed`])
    expect(h.rows("SELECT 1 FROM AuditEntry WHERE act = 'organization.closed'")).toHaveLength(1)

    expect((await dora.post(closure, { intent: "reopen" })).status).toBe(303)
    await h.settled()
    expect(subscription(h)).toEqual({ cancelAt: null, endedByClosingAt: null })
    expect(closed(h)).toEqual({ closedAt: null, archivedAt: null, closeRequestedAt: null })
  },
)

test.each(["erasure.stripe-agreed", "erasure.before-commit"] as const)(
  "[O11] killed at %s, nothing is half erased, and the next start finishes it once",
  async crashAt => {
    const h = await house({ settings: { CLOSING_GRACE: "1s" } })
    const dora = await doraOwns(h, crashAt)
    await dora.post(closure, { intent: "close", name })
    await h.settled()
    await new Promise(resolve => setTimeout(resolve, 1_100))
    // The round at the start finds that the grace is over, and the server dies on the way, perhaps before it answers.
    await h.start(crashAt).catch(() => {})
    await h.died()
    expect([h.count("Organization"), h.count("Membership"), h.count("RetainedRecord")]).toEqual([1, 1, 0])
    await h.start()
    await h.settled()
    expect([h.count("Organization"), h.count("RetainedRecord"), h.count("User")]).toEqual([0, 1, 1])
    expect(
      tracesIn(h.rows<{ file: string }>("PRAGMA database_list")[0]?.file ?? "", [
        /dora (&|and) d/i,
        /dora-and/,
      ]),
    ).toEqual([])
    expect(subjects(h).filter(subject => subject.includes("is erased"))).toHaveLength(1)
    expect(h.rows("SELECT 1 FROM AuditEntry WHERE act = 'organization.erased'")).toHaveLength(1)
    expect(await cutOff(dora.get(closure))).toBe(false)
    expect((await dora.get(closure)).status).toBe(404)
  },
)
