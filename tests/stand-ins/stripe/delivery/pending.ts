import { DAY } from "../clock"
import type { Ledger } from "../ledger"
import type { EventObject } from "../objects"

/** An event with the number of endpoints that have not yet answered it with a 2xx. */
export function withPending(ledger: Ledger, event: EventObject): EventObject {
  const deliveries = ledger.deliveries.of(event.id)
  const waiting = new Set(deliveries.map(row => row.endpoint))
  for (const row of deliveries) if (row.state === "delivered") waiting.delete(row.endpoint)
  return { ...event, pending_webhooks: waiting.size }
}

/** Stripe keeps events for 30 days: https://docs.stripe.com/api/events */
export function keptEvents(ledger: Ledger): EventObject[] {
  const oldest = ledger.clock.now() - 30 * DAY
  return ledger.events.filter(row => row.created >= oldest)
}
