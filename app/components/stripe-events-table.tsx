import { Form } from "@remix-run/react"
import type { ReactNode } from "react"
import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Button } from "~/components/ui/button"
import { type Column, Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type DeskEvent, isEventState, stateNames } from "~/domain/billing/desk-event"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

type Props = {
  events: readonly DeskEvent[]
  /** Whose events they all are: the column of organisations is left out. */
  ofOne?: boolean
  empty: ReactNode
}

/** Stripe's events with what came of them; those given up can be replayed where all are listed. */
export function StripeEventsTable({ events, ofOne, empty }: Props) {
  const columns = ofOne ? [event, state, outcome, received] : [event, whose, state, outcome, received, replay]
  return (
    <Table caption="Stripe’s events" columns={columns} rows={events} rowKey={({ id }) => id} empty={empty} />
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
    <span className="block break-words first-letter:uppercase">{effect ?? lastError ?? "waiting"}</span>
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
