import { type DeskEvent, type EventFilter, type EventState, eventStates } from "~/domain/billing/desk-event"
import { type Alert, listAlerts } from "~/domain/mail/alerts.server"
import { db } from "~/platform/db.server"

export type Desk = {
  events: DeskEvent[]
  /** How many there are of each state. */
  counts: Record<EventState, number>
  lastReceivedAt: Date | null
  alerts: Alert[]
  page: number
  pages: number
}

const perPage = 50

/** What the operator sees of Stripe's events: the latest first, `page` counted from 1, as filtered. */
export async function billingDesk(view: { filter: EventFilter; page: number }): Promise<Desk> {
  const counts = await countStates()
  const states = statesOf(view.filter)
  const total = states.reduce((sum, state) => sum + counts[state], 0)
  const pages = Math.max(1, Math.ceil(total / perPage))
  const page = Math.min(Math.max(1, view.page), pages)
  const events = await db().stripeEvent.findMany({
    where: { state: { in: [...states] } },
    orderBy: [{ receivedAt: "desc" }, { id: "desc" }],
    skip: (page - 1) * perPage,
    take: perPage,
    omit: { livemode: true, apiVersion: true, createdAt: true, processedAt: true },
  })
  const last = await db().stripeEvent.findFirst({
    orderBy: { receivedAt: "desc" },
    select: { receivedAt: true },
  })
  return { events, counts, page, pages, lastReceivedAt: last?.receivedAt ?? null, alerts: await listAlerts() }
}

function statesOf(filter: EventFilter): readonly EventState[] {
  if (filter === "all") return eventStates
  return filter ? [filter] : eventStates.filter(state => state !== "ignored")
}

async function countStates(): Promise<Record<EventState, number>> {
  const groups = await db().stripeEvent.groupBy({ by: ["state"], _count: { _all: true } })
  const of = (state: EventState) => groups.find(group => group.state === state)?._count._all ?? 0
  return { received: of("received"), done: of("done"), ignored: of("ignored"), dead: of("dead") }
}
