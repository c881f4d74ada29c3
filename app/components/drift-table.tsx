import type { ReactNode } from "react"
import { Badge } from "~/components/ui/badge"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { nameOfField } from "~/domain/billing/differences"
import { valueWords } from "~/domain/billing/effect-words"
import { paths } from "~/lib/paths"

type Finding = {
  id: string
  stripeSubscriptionId: string
  what: string
  ours: string
  stripes: string
  repaired: boolean
  at: Date
  organization: { id: string; name: string } | null
}

/** What comparisons with Stripe found different, the latest first. */
export function DriftTable({ findings, empty }: { findings: readonly Finding[]; empty: ReactNode }) {
  return (
    <Table
      caption="What comparisons found"
      rows={findings}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        { header: "Whose", cell: finding => <Whose {...finding} /> },
        { header: "What differed", cell: ({ what }) => nameOfField(what) },
        { header: "Here", cell: ({ what, ours }) => <DriftValue what={what} text={ours} /> },
        { header: "At Stripe", cell: ({ what, stripes }) => <DriftValue what={what} text={stripes} /> },
        {
          header: "State",
          cell: ({ repaired }) =>
            repaired ? <Badge tone="good">Repaired</Badge> : <Badge tone="bad">Stands</Badge>,
        },
        { header: "Found", cell: ({ at }) => <Time at={at} show="relative" /> },
      ]}
    />
  )
}

function Whose({ organization, stripeSubscriptionId }: Finding) {
  return (
    <>
      <span className="block break-words font-medium">
        {organization ? (
          <TextLink to={paths.admin.organizationBilling(organization.id)}>{organization.name}</TextLink>
        ) : (
          "Nobody here"
        )}
      </span>
      <TextLink
        to={paths.admin.billing({ object: stripeSubscriptionId, state: "all" })}
        className="block max-w-56 truncate text-xs"
        title={stripeSubscriptionId}
      >
        <code>{stripeSubscriptionId}</code>
      </TextLink>
    </>
  )
}

/** Ids are broken anywhere, words are not. */
const longWord = 18
const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/** A value as a person reads it: times in their own zone, statuses and plans by name, nothing as a dash. */
export function DriftValue({ what, text }: { what: string; text: string }) {
  if (moment.test(text)) return <Time at={text} />
  const isId = text.length > longWord && !text.includes(" ")
  return <span className={isId ? "break-all" : ""}>{valueWords(what, text) || "–"}</span>
}
