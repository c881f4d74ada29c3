import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/** How many rows go at once, so that others can write in between. */
const atOnce = 1_000

/**
 * Deletes what is settled and old: events that were handled or ignored, findings that were repaired, and payment pages that
 * were not paid [L20]. What waits, was given up or stands unrepaired stays, and so does every purchase: it says whose a
 * subscription is. Running it twice deletes nothing more. Returns how many rows.
 */
export async function purgeBilling(): Promise<number> {
  const { stripeEvents, checkouts } = env().keep
  const events = await inParts(() =>
    db().stripeEvent.deleteMany({
      where: { state: { in: ["done", "ignored"] }, receivedAt: { lt: fromNow(-stripeEvents) } },
      limit: atOnce,
    }),
  )
  const findings = await inParts(() =>
    db().driftFinding.deleteMany({
      where: { repaired: true, at: { lt: fromNow(-stripeEvents) } },
      limit: atOnce,
    }),
  )
  const pages = await inParts(() =>
    db().checkout.deleteMany({
      where: {
        // Without a session of Stripe's nobody ever saw the page; with one, Stripe has yet to say what became of it.
        OR: [{ state: { in: ["abandoned", "failed"] } }, { state: "open", stripeSessionId: null }],
        provisionedAt: null,
        createdAt: { lt: fromNow(-checkouts) },
      },
      limit: atOnce,
    }),
  )
  return events + findings + pages
}

async function inParts(remove: () => Promise<{ count: number }>): Promise<number> {
  for (let sum = 0; ; ) {
    const { count } = await remove()
    sum += count
    if (count < atOnce) return sum
  }
}
