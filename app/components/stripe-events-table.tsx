import { Form } from "@remix-run/react"
import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Button } from "~/components/ui/button"
import { EmptyState } from "~/components/ui/empty-state"
import { type Column, Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { type DeskEvent, isEventState, stateNames } from "~/domain/billing/desk-event"

/** Stripe's events with what came of them; those given up can be replayed. */
export function StripeEventsTable({ events }: { events: readonly DeskEvent[] }) {
  return (
    <Table
      caption="Stripe’s events"
      columns={columns}
      rows={events}
      rowKey={event => event.id}
      empty={<EmptyState title="No events">What Stripe tells us shows here, the latest first.</EmptyState>}
    />
  )
}

const tones: Record<string, BadgeTone> = { done: "good", dead: "bad", received: "warn", ignored: "plain" }

const columns: Column<DeskEvent>[] = [
  {
    header: "Event",
    cell: event => (
      <>
        <span className="block font-medium sm:whitespace-nowrap">{event.type}</span>
        <code className="block max-w-64 truncate text-ink-soft text-xs" title={event.objectId}>
          {event.objectId}
        </code>
      </>
    ),
  },
  { header: "State", cell: event => <Badge tone={tones[event.state]}>{nameOf(event.state)}</Badge> },
  { header: "Tries", cell: event => event.attempts, align: "end" },
  {
    header: "What came of it",
    cell: event => (
      <span className="block break-words first-letter:uppercase">
        {event.effect ?? event.lastError ?? "waiting"}
      </span>
    ),
  },
  { header: "Received", cell: event => <Time at={event.receivedAt} show="relative" /> },
  {
    header: "Replay",
    hideHeader: true,
    align: "end",
    cell: event => event.state === "dead" && <Replay event={event} />,
  },
]

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
