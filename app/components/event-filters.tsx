import { Link } from "@remix-run/react"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import {
  type EventFilter,
  type EventQuery,
  type EventState,
  eventStates,
  stateNames,
} from "~/domain/billing/desk-event"
import { paths } from "~/lib/paths"

type Props = {
  query: EventQuery
  counts: Record<EventState, number>
  /** Types to choose from. */
  types: readonly string[]
}

/** Which of Stripe's events are listed. Those that concern nothing here are left out unless asked for. */
export function EventFilters({ query, counts, types }: Props) {
  const { type, organization, object } = query
  const narrowed = Boolean(type || organization || object)
  return (
    <div className="flex flex-col gap-5">
      <Form method="get" role="search" aria-label="Filter the events">
        {query.state && <input type="hidden" name="state" value={query.state} />}
        {query.quiet && <input type="hidden" name="quiet" value={query.quiet} />}
        <div className="grid items-end gap-4 sm:grid-cols-3">
          <Field name="type" label="Type">
            <TextInput
              type="search"
              list="event-types"
              defaultValue={type}
              placeholder="invoice.paid"
              autoComplete="off"
            />
          </Field>
          <Field name="organization" label="Organisation">
            <TextInput
              type="search"
              defaultValue={organization}
              placeholder="Its address or id"
              autoComplete="off"
            />
          </Field>
          <Field name="object" label="Event or object">
            <TextInput type="search" defaultValue={object} placeholder="evt_…, sub_…" autoComplete="off" />
          </Field>
        </div>
        <datalist id="event-types">
          {types.map(one => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <div className="flex flex-wrap items-center gap-4">
          <Button kind="secondary">Filter</Button>
          {narrowed && (
            <TextLink
              className="text-sm"
              to={paths.admin.billing({ state: query.state, quiet: query.quiet })}
            >
              Show everything
            </TextLink>
          )}
        </div>
      </Form>
      <States query={query} counts={counts} />
    </div>
  )
}

function States({ query, counts }: Omit<Props, "types">) {
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
          to={paths.admin.billing({ ...query, state: choice })}
          className="link aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:no-underline"
          aria-current={choice === query.state ? "page" : undefined}
        >
          {name} ({count})
        </Link>
      ))}
    </nav>
  )
}
