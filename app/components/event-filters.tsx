import { Link } from "@remix-run/react"
import { type EventFilter, type EventState, eventStates, stateNames } from "~/domain/billing/desk-event"
import { paths } from "~/lib/paths"

type Props = { filter: EventFilter; counts: Record<EventState, number> }

/** Which of Stripe's events are listed. Those that concern nothing here are left out unless asked for. */
export function EventFilters({ filter, counts }: Props) {
  const total = eventStates.reduce((sum, state) => sum + counts[state], 0)
  const choices: [EventFilter, string, number][] = [
    [undefined, "All but ignored", total - counts.ignored],
    ...eventStates.map((state): [EventFilter, string, number] => [state, stateNames[state], counts[state]]),
    ["all", "All", total],
  ]
  return (
    <nav aria-label="State of the events" className="flex flex-wrap gap-4 text-sm">
      {choices.map(([choice, name, count]) => (
        <Link
          key={name}
          to={paths.admin.billing({ state: choice })}
          className="link aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:no-underline"
          aria-current={choice === filter ? "page" : undefined}
        >
          {name} ({count})
        </Link>
      ))}
    </nav>
  )
}
