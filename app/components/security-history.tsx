import { Badge } from "~/components/ui/badge"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"

type Line = {
  id: string
  at: Date | string
  words: string
  alarming: boolean
  device: string
  clientAddress: string
}

/** What happened to an account, the latest first. */
export function SecurityHistory({ lines }: { lines: readonly Line[] }) {
  return (
    <Table
      caption="Security history"
      rows={lines}
      rowKey={line => line.id}
      empty={<p className="p-5 text-ink-soft text-sm">Nothing has happened yet.</p>}
      columns={[
        {
          header: "What",
          cell: ({ words, alarming }) => (
            <span className="flex flex-wrap items-center gap-2 break-words">
              {words} {alarming && <Badge tone="warn">Look twice</Badge>}
            </span>
          ),
        },
        { header: "When", cell: ({ at }) => <Time at={at} /> },
        { header: "Device", cell: ({ device }) => device || "–" },
        {
          header: "Address",
          cell: ({ clientAddress }) => <span className="break-all">{clientAddress || "–"}</span>,
        },
      ]}
    />
  )
}
