import type { Life } from "../../stand-ins/stripe/lives/life"
import type { Seen } from "./seen"
import type { Witness } from "./witness"

type Closing = { id: string; closeRequestedAt: number | null; closedAt: number | null }

/** An organisation that was closed costs nothing more, one that is gone was closed before, and both leave nothing open at Stripe. */
export function erasureProblems(app: Seen, life: Life, witness: Witness): string[] {
  const { sessions, subscriptions, customers } = app.ledger
  const rows = app.rows<Closing>("SELECT id, closeRequestedAt, closedAt FROM Organization")
  const there = new Set(rows.map(row => row.id))
  const waiting = rows.filter(row => row.closeRequestedAt !== null && row.closedAt === null)
  const truth = life.truth()
  const closed = rows
    .filter(row => row.closedAt !== null)
    .flatMap(({ id }) => {
      const live = truth.filter(
        one => witness.ownerOf(one) === id && goesOn(one.status) && one.cancelAt === null,
      )
      const open = [...witness.purchases.values()].filter(
        one =>
          one.organizationId === id &&
          sessions.find(row => row.client_reference_id === one.id)?.status === "open",
      )
      return [
        ...live.map(one => `${id} is closed, and ${one.subscription} goes on (${one.status})`),
        ...open.map(one => `${id} is closed, and the page of ${one.id} is open`),
      ]
    })
  const gone = [...witness.purchases.values()].flatMap(({ id, organizationId }) => {
    if (!organizationId || there.has(organizationId)) return []
    if (!witness.closings.has(organizationId)) return [`${organizationId} is gone, and nobody closed it`]
    const session = sessions.find(row => row.client_reference_id === id)
    const subscription = subscriptions.get(session?.subscription)
    return [
      ...(subscription && goesOn(subscription.status)
        ? [`${organizationId} is gone, and ${subscription.id} goes on (${subscription.status})`]
        : []),
      ...(session?.status === "open" ? [`${organizationId} is gone, and the page of ${id} is open`] : []),
      ...(customers.get(session?.customer)
        ? [`${organizationId} is gone, and its customer is at Stripe`]
        : []),
    ]
  })
  return [...waiting.map(({ id }) => `${id} still waits to be closed`), ...closed, ...gone]
}

const goesOn = (status: string) => !["canceled", "incomplete_expired"].includes(status)
