import { DriftValue } from "~/components/drift-table"
import { Badge } from "~/components/ui/badge"
import { Card } from "~/components/ui/card"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { nameOfField } from "~/domain/billing/differences"

type Props = {
  subscription: {
    id: string
    syncedAt: Date | null
    here: boolean
    atStripe: boolean
    fields: { what: string; ours: string; stripes: string; differs: boolean }[]
  }
  /** Whether Stripe answered at all. */
  answered: boolean
}

/** One subscription as it stands here, beside what Stripe says of it now. */
export function SubscriptionSides({ subscription, answered }: Props) {
  const { id, syncedAt, here, atStripe, fields } = subscription
  const differs = fields.some(field => field.differs)
  return (
    <Card
      flush
      title={<code className="break-all">{id}</code>}
      lead={
        syncedAt && (
          <>
            Written down <Time at={syncedAt} show="relative" />.
          </>
        )
      }
      action={answered && <Agreement here={here} atStripe={atStripe} differs={differs} />}
    >
      <Table
        caption={`Subscription ${id}`}
        rows={fields}
        rowKey={({ what }) => what}
        columns={[
          {
            header: "Field",
            cell: ({ what, differs }) => (
              <span className={differs ? "font-semibold" : ""}>
                {nameOfField(what)} {differs && <Badge tone="bad">Differs</Badge>}
              </span>
            ),
          },
          {
            header: "Here",
            cell: ({ what, ours }) => (here ? <DriftValue what={what} text={ours} /> : "Not known"),
          },
          {
            header: "At Stripe",
            cell: ({ what, stripes }) => {
              if (!answered) return "No answer"
              return atStripe ? <DriftValue what={what} text={stripes} /> : "Not known"
            },
          },
        ]}
      />
    </Card>
  )
}

function Agreement({ here, atStripe, differs }: { here: boolean; atStripe: boolean; differs: boolean }) {
  if (!here) return <Badge tone="bad">Missing here</Badge>
  if (!atStripe) return <Badge tone="bad">Missing at Stripe</Badge>
  return differs ? <Badge tone="bad">Differs</Badge> : <Badge tone="good">Same on both sides</Badge>
}
