import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Select } from "~/components/ui/select"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { useHydrated } from "~/components/use-hydrated"
import type { AuditQuery } from "~/domain/organizations/audit-filter"
import { auditAreas } from "~/domain/organizations/audit-words"
import type { FormProblem } from "~/lib/form-problem"

type Props = {
  query: AuditQuery
  problem?: FormProblem
  /** Names and addresses to choose from. */
  people: readonly string[]
  /** Where nothing is filtered. */
  all: string
}

const choices = [
  { value: "", label: "Everything" },
  ...auditAreas.flatMap(({ area, name, acts }) => [
    { value: area, label: `${name}, all`, group: name },
    ...acts.map(({ act, label }) => ({ value: act, label, group: name })),
  ]),
]

/** What of the audit log is shown: by whom, what, and when. Kept in the address; works without JavaScript. */
export function AuditFilters({ query, problem, people, all }: Props) {
  const here = useHydrated()
  const filtered = Boolean(problem || query.who || query.act || query.from || query.to)
  return (
    <Form method="get" problem={problem} role="search" aria-label="Filter the audit log">
      {/* Another filter, by a link or by going back, fills the fields anew; the button keeps the focus. */}
      <div
        key={JSON.stringify(query)}
        className="grid gap-4 min-[24rem]:grid-cols-2 lg:grid-cols-[2fr_2fr_1fr_1fr]"
      >
        <div className="max-sm:col-span-full">
          <Field name="who" label="By whom">
            <TextInput
              type="search"
              list="audit-people"
              defaultValue={query.who}
              placeholder="Name or address"
              maxLength={200}
              autoComplete="off"
            />
          </Field>
        </div>
        <div className="max-sm:col-span-full">
          <Field name="act" label="What">
            <Select options={choices} defaultValue={query.act ?? ""} />
          </Field>
        </div>
        <Field name="from" label="First day" hint={!here && "Days are in UTC."}>
          <TextInput type="date" defaultValue={query.from} />
        </Field>
        <Field name="to" label="Last day">
          <TextInput type="date" defaultValue={query.to} />
        </Field>
      </div>
      <datalist id="audit-people">
        {people.map(person => (
          <option key={person} value={person} />
        ))}
      </datalist>
      {here && (
        <input type="hidden" name="zone" value={Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC"} />
      )}
      <div className="flex flex-wrap items-center gap-4">
        <Button kind="secondary">Filter</Button>
        {filtered && (
          <TextLink className="text-sm" to={all}>
            Show everything
          </TextLink>
        )}
      </div>
    </Form>
  )
}
