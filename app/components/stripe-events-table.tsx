import { Form } from "@remix-run/react"
import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Button } from "~/components/ui/button"
import { EmptyState } from "~/components/ui/empty-state"
import { type Column, Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type DeskEvent, type EventQuery, isEventState, stateNames } from "~/domain/billing/desk-event"
import { effectWords } from "~/domain/billing/effect-words"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

type Props = {
  events: readonly DeskEvent[]
  /** Whose events they all are: the column of organisations is left out. */
  ofOne?: boolean
  /** How many are not listed, because they brought nothing new. */
  folded: number
}

/** Stripe's events with what came of them; those given up can be replayed where all are listed. */
export function StripeEventsTable({ events, ofOne, folded }: Props) {
  const columns = ofOne ? [event, state, outcome, received] : [event, whose, state, outcome, received, replay]
  const empty = (
    <EmptyState title={folded > 0 ? "Nothing new" : "No events"}>
      What Stripe tells {ofOne ? "of it" : "us"} shows here, the latest first.
    </EmptyState>
  )
  return (
    <Table caption="Stripe’s events" columns={columns} rows={events} rowKey={({ id }) => id} empty={empty} />
  )
}

type FoldedProps = {
  /** How many are not listed. */
  folded: number
  /** What the list is narrowed to. */
  query: Partial<EventQuery>
}

/** That some events brought nothing new, and the way to them; or back, where they are listed. */
export function FoldedEvents({ folded, query }: FoldedProps) {
  const link = (quiet: EventQuery["quiet"], words: string) => (
    <TextLink to={paths.admin.billing({ ...query, quiet })}>{words}</TextLink>
  )
  if (query.quiet) return <p className="text-sm">{link("", "Leave out what brought nothing new")}</p>
  if (folded === 0) return null
  return (
    <p className="text-ink-soft text-sm">
      {plural(folded, "more event")} brought nothing new. {link("show", "Show all")}
    </p>
  )
}

const tones: Record<string, BadgeTone> = { done: "good", dead: "bad", received: "warn", ignored: "plain" }

const event: Column<DeskEvent> = {
  header: "Event",
  cell: ({ type, objectId }) => (
    <>
      <span className="block break-words font-medium">{type}</span>
      <TextLink
        to={paths.admin.billing({ object: objectId, state: "all" })}
        className="block max-w-56 truncate text-xs"
        title={objectId}
      >
        <code>{objectId}</code>
      </TextLink>
    </>
  ),
}

const whose: Column<DeskEvent> = {
  header: "Organisation",
  cell: ({ organization }) =>
    organization ? (
      <TextLink to={paths.admin.organizationBilling(organization.id)} className="break-words">
        {organization.name}
      </TextLink>
    ) : (
      "–"
    ),
}

const state: Column<DeskEvent> = {
  header: "State",
  cell: ({ state, attempts }) => (
    <>
      <Badge tone={tones[state]}>{nameOf(state)}</Badge>
      <span className="mt-1 block text-xs sm:whitespace-nowrap">{plural(attempts, "try", "tries")}</span>
    </>
  ),
}

const outcome: Column<DeskEvent> = {
  header: "What came of it",
  cell: ({ effect, lastError }) => (
    <span className="block break-words">{effect ? effectWords(effect) : (lastError ?? "Waiting")}</span>
  ),
}

const received: Column<DeskEvent> = {
  header: "Received",
  cell: ({ receivedAt, source }) => (
    <>
      <Time at={receivedAt} show="relative" />
      {source === "sweep" && <span className="block text-xs">Found in Stripe’s list</span>}
    </>
  ),
}

const replay: Column<DeskEvent> = {
  header: "Replay",
  hideHeader: true,
  align: "end",
  cell: event => event.state === "dead" && <Replay event={event} />,
}

function nameOf(state: string): string {
  return isEventState(state) ? stateNames[state] : state
}

function Replay({ event }: { event: DeskEvent }) {
  return (
    <Form method="post">
      <input type="hidden" name="eventId" value={event.id} />
      <Button kind="secondary" size="small" name="intent" value="replay" aria-label={`Replay ${event.id}`}>
        Replay
      </Button>
    </Form>
  )
}
