import { type DeskEvent, type EventQuery, type EventState, eventStates } from "~/domain/billing/desk-event"
import { nothingNew } from "~/domain/billing/effect-words"
import { handledTypes } from "~/domain/billing/event-topics"
import { type Alert, listAlerts } from "~/domain/mail/alerts.server"
import type { Page, Place } from "~/lib/cursor"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

export type Desk = Page<DeskEvent> & {
  /** How many there are of each state, as narrowed otherwise. */
  counts: Record<EventState, number>
  /** How many of those meant are folded away, because they brought nothing new. */
  folded: number
  lastReceivedAt: Date | null
  alerts: Alert[]
}

const perPage = 50

/** What the operator sees of Stripe's events: the latest first, as narrowed. */
export async function billingDesk(query: EventQuery, place: Place): Promise<Desk> {
  const narrowed = await narrow(query)
  const last = await db().stripeEvent.findFirst({
    orderBy: { receivedAt: "desc" },
    select: { receivedAt: true },
  })
  const meant = { ...narrowed, ...statesOf(query) }
  // Whoever asks for one event, or for what became of one object, wants to see it.
  const folds = !query.quiet && !query.object
  return {
    ...(await eventPage({ ...meant, ...(folds && ofNote) }, place)),
    folded: folds ? await db().stripeEvent.count({ where: { ...meant, effect: nothingNew } }) : 0,
    counts: await countStates(narrowed),
    lastReceivedAt: last?.receivedAt ?? null,
    alerts: await listAlerts(),
  }
}

/** The latest events of note about one organisation with what came of them, and how many there are that brought nothing new. */
export async function latestEventsOf(
  organizationId: string,
  take: number,
): Promise<{ rows: DeskEvent[]; folded: number }> {
  const rows = await db().stripeEvent.findMany({
    where: { organizationId, ...ofNote },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take,
  })
  const folded = await db().stripeEvent.count({ where: { organizationId, effect: nothingNew } })
  return { rows: await named(rows), folded }
}

/** What has no effect yet is of note, too. */
const ofNote = { AND: [{ OR: [{ effect: null }, { effect: { not: nothingNew } }] }] }

type Narrowed = {
  type?: string | { startsWith: string }
  organizationId?: string
  OR?: ({ id: string } | { objectId: string })[]
}

async function narrow({ type, organization, object }: EventQuery): Promise<Narrowed> {
  return {
    ...(type && { type: handledTypes.some(known => known === type) ? type : { startsWith: type } }),
    ...(organization && { organizationId: await idOf(organization) }),
    ...(object && { OR: [{ id: object }, { objectId: object }] }),
  }
}

/** Where there is no such organisation nothing is found. */
async function idOf(idOrAddress: string): Promise<string> {
  const slug = idOrAddress.replace(/^\/o\//, "").toLowerCase()
  const found = await db().organization.findFirst({ where: { OR: [{ id: idOrAddress }, { slug }] } })
  return found?.id ?? idOrAddress
}

function statesOf({ state }: EventQuery) {
  if (state === "all") return {}
  return { state: { in: state ? [state] : eventStates.filter(one => one !== "ignored") } }
}

async function eventPage(where: Narrowed, place: Place): Promise<Page<DeskEvent>> {
  const page = await readPage(place, {
    size: perPage,
    order: "desc",
    read: ({ take, order, at, passed }) =>
      db().stripeEvent.findMany({
        where: {
          ...where,
          receivedAt: at,
          NOT: passed && { receivedAt: passed.at, id: passed.id },
        },
        orderBy: [{ receivedAt: order }, { id: order }],
        take,
      }),
    at: row => row.receivedAt,
  })
  return { ...page, rows: await named(page.rows) }
}

type Row = Omit<DeskEvent, "organization"> & { organizationId: string | null }

async function named(rows: Row[]): Promise<DeskEvent[]> {
  const ids = new Set(rows.flatMap(({ organizationId }) => organizationId ?? []))
  const organizations = await db().organization.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true },
  })
  return rows.map(({ id, type, objectId, source, state, attempts, effect, lastError, ...row }) => {
    const organization = organizations.find(one => one.id === row.organizationId) ?? null
    const { receivedAt } = row
    return { id, type, objectId, source, state, attempts, effect, lastError, receivedAt, organization }
  })
}

async function countStates(where: Narrowed): Promise<Record<EventState, number>> {
  const groups = await db().stripeEvent.groupBy({ by: ["state"], where, _count: { _all: true } })
  const of = (state: EventState) => groups.find(group => group.state === state)?._count._all ?? 0
  return { received: of("received"), done: of("done"), ignored: of("ignored"), dead: of("dead") }
}
