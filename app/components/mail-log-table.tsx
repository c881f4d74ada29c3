import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"

type LoggedMail = {
  id: string
  template: string
  recipient: string
  state: string
  answer: string | null
  createdAt: Date | string
}

const tones: Record<string, BadgeTone> = { sent: "good", queued: "plain", failed: "bad", not_set_up: "warn" }

/** What became of each mail. Never its content. */
export function MailLogTable({ mails }: { mails: readonly LoggedMail[] }) {
  return (
    <Card title="Latest mails" flush>
      <Table
        caption="Latest mails"
        rows={mails}
        rowKey={row => row.id}
        empty={<EmptyState title="No mail yet">What is sent shows here, without its content.</EmptyState>}
        columns={[
          { header: "Mail", cell: row => inWords(row.template) },
          { header: "To", cell: row => row.recipient },
          {
            header: "State",
            cell: row => <Badge tone={tones[row.state]}>{inWords(row.state)}</Badge>,
          },
          { header: "Answer", cell: row => row.answer ?? "" },
          { header: "When", cell: row => <Time at={row.createdAt} show="relative" /> },
        ]}
      />
    </Card>
  )
}

/** `sign_in` → `Sign in` */
function inWords(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ")
}
