import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"

type LoggedMail = {
  id: string
  /** What mail it is, in words. */
  name: string
  recipient: string
  state: string
  answer: string | null
  createdAt: Date | string
}

const states: Record<string, readonly [BadgeTone, string]> = {
  queued: ["plain", "Waiting"],
  sent: ["good", "Sent"],
  failed: ["bad", "Failed"],
  expired: ["warn", "Too late"],
  suppressed: ["warn", "Held back"],
  not_set_up: ["warn", "Mail not set up"],
}

/** What became of each mail. Never its content. Operators see whole addresses: they run the installation. */
export function MailLogTable({ mails }: { mails: readonly LoggedMail[] }) {
  return (
    <Card title="Latest mails" flush>
      <Table
        caption="Latest mails"
        rows={mails}
        rowKey={row => row.id}
        empty={<EmptyState title="No mail yet">What is sent shows here, without its content.</EmptyState>}
        columns={[
          { header: "Mail", cell: row => row.name },
          { header: "To", cell: row => <span className="break-all">{row.recipient}</span> },
          { header: "State", cell: row => <State state={row.state} /> },
          { header: "Answer", cell: row => row.answer ?? "" },
          { header: "When", cell: row => <Time at={row.createdAt} show="relative" /> },
        ]}
      />
    </Card>
  )
}

function State({ state }: { state: string }) {
  const [tone, words] = states[state] ?? ["plain", state]
  return <Badge tone={tone}>{words}</Badge>
}
