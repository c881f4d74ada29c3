import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { hiddenField } from "../support/browser"
import { type House, setUpHouse } from "./house"

const house = setUpHouse({ LIMIT_LINKS_PER_CLIENT: "100000", LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "100000" })

/** Keeps the crowd to some dozens of requests, whose mails all have to be waited for. */
const breathMs = 80

/** Strangers who ask for links, each for an address of their own, until the server takes no one any more. */
async function crowd(h: House, size: number): Promise<{ answered: string[]; lost: string[] }> {
  const made = hiddenField((await h.browser().get("/login")).body, "made")
  await sleep(700)
  const answered: string[] = []
  const lost: string[] = []
  await Promise.all(
    Array.from({ length: size }, async (_, who) => {
      for (let turn = 0; ; turn++) {
        const email = `p${who}-${turn}@example.test`
        try {
          const answer = await h.browser().post("/login", { email, website: "", made })
          if (answer.status === 303) answered.push(email)
          else lost.push(`${answer.status} for ${email}`)
          await sleep(breathMs)
        } catch (error) {
          if (!wasRefused(error)) lost.push(String(error instanceof Error ? error.cause : error))
          return
        }
      }
    }),
  )
  return { answered: answered.sort(), lost }
}

/** The door was shut before the request went out. `localhost` may be two addresses, and then two errors. */
function wasRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED"
}

/** Requests come in, and a mail is on its way. */
const inFullSwing = `
  SELECT 1 FROM Job WHERE kind = 'mail.send' AND state = 'running'
  AND (SELECT count(*) FROM Job WHERE kind = 'sign-in.request') > 20`

type Asked = { state: string; payload: string }

function asked(h: House): Asked[] {
  return h.rows<Asked>("SELECT state, payload FROM Job WHERE kind = 'sign-in.request'")
}

const addressOf = (job: Asked) => String(JSON.parse(job.payload).email)

function expectSound(h: House): void {
  expect(h.rows("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }])
  expect(h.rows("PRAGMA foreign_key_check")).toEqual([])
}

test("[R8] SIGTERM under load: every answered request is in the database, every job is done or waits, each mail comes once", async () => {
  const h = await house()
  // Slow enough that the stop finds mails on their way.
  h.mailbox.faults.set({ slow: 400 })
  const coming = crowd(h, 4)
  await h.firstRow(inFullSwing)
  expect(await h.stop()).toBe(0)
  const { answered, lost } = await coming
  expect(lost).toEqual([])
  expect(answered.length).toBeGreaterThan(20)

  expect(asked(h).map(addressOf).sort()).toEqual(answered)
  expect(h.rows("SELECT kind FROM Job WHERE state NOT IN ('done', 'queued')")).toEqual([])
  const decided = asked(h).filter(job => job.state === "done")
  const mails = h.rows<{ recipient: string; state: string }>("SELECT recipient, state FROM Mail")
  expect(mails.map(mail => mail.recipient).sort()).toEqual(decided.map(addressOf).sort())
  const sent = mails.filter(mail => mail.state === "sent").map(mail => mail.recipient)
  expect(h.mailbox.messages().flatMap(mail => mail.to)).toHaveLength(sent.length)
  expect(sent.length).toBeLessThan(answered.length)
  expectSound(h)

  h.mailbox.faults.clear()
  await h.start()
  await h.settled()
  const received = h.mailbox.messages().flatMap(mail => mail.to)
  expect(received.sort()).toEqual(answered)
})

test("[R8] SIGTERM while purchases are handled leaves each whole or untouched, and the next start finishes them", async () => {
  const h = await house()
  const buyers = Array.from({ length: 6 }, (_, i) => `buyer${i}@example.test`)
  for (const email of buyers) {
    const form = { plan: "starter", interval: "month", email, businessName: `Firm of ${email}` }
    expect((await h.browser().post("/checkout", form)).status).toBe(303)
    await h.stripe.completeCheckout()
  }
  const told = h.stripe.releaseAll({ atOnce: true })
  await h.firstRow("SELECT 1 FROM Organization")
  expect(await h.stop()).toBe(0)
  await told

  const whole = h.rows<{ email: string }>(`
    SELECT c.email FROM Checkout c
    JOIN Organization o ON o.id = c.organizationId JOIN Subscription s ON s.organizationId = o.id
    JOIN Membership m ON m.organizationId = o.id JOIN User u ON u.id = m.userId AND u.email = c.email
    JOIN Onboarding b ON b.organizationId = o.id JOIN Mail l ON l.recipient = c.email
    WHERE c.state = 'provisioned'`)
  for (const table of ["Organization", "Subscription", "Membership", "User", "Onboarding", "Mail"]) {
    expect([table, h.count(table)]).toEqual([table, whole.length])
  }
  expect(h.rows("SELECT kind FROM Job WHERE state NOT IN ('done', 'queued')")).toEqual([])
  const delivered = await h.stripe.deliveries({ state: "delivered" })
  const stored = new Set(h.rows<{ id: string }>("SELECT id FROM StripeEvent").map(event => event.id))
  expect(delivered.filter(delivery => !stored.has(delivery.event))).toEqual([])
  expectSound(h)

  await h.start()
  await h.stripe.releaseAll()
  await h.settled()
  expect(h.count("Organization")).toBe(buyers.length)
  for (const email of buyers) expect(h.mailbox.messages(email)).toHaveLength(1)
})

test("[R8] a kill under load: what was answered is on the disk, and each of them gets a mail", async () => {
  const h = await house()
  const coming = crowd(h, 4)
  await h.firstRow(inFullSwing)
  await h.kill()
  const { answered } = await coming
  const stored = asked(h).map(addressOf)
  expect(answered.filter(email => !stored.includes(email))).toEqual([])
  expect(new Set(stored).size).toBe(stored.length)
  expectSound(h)
  await h.start()
  await h.settled()
  // Five are sent at a time; those that were under way may come twice.
  const received = h.mailbox.messages().flatMap(mail => mail.to)
  expect([...new Set(received)].sort()).toEqual(stored.sort())
  expect(received.length - stored.length).toBeLessThanOrEqual(5)
})
