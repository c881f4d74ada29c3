import type { ReactNode } from "react"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"

type Actor = { standing: "member" | "outsider" | "gone" | "system"; name: string; email: string }

type Line = { id: string; at: Date | string; who: Actor; words: string; clientAddress: string }

type Props = { lines: readonly Line[]; empty: ReactNode }

/** What happened in an organisation, the latest first. */
export function AuditTable({ lines, empty }: Props) {
  return (
    <Table
      caption="Audit log"
      rows={lines}
      rowKey={line => line.id}
      empty={empty}
      columns={[
        { header: "What", cell: ({ words }) => <span className="break-words">{words}</span> },
        { header: "Who", cell: ({ who }) => <Who who={who} /> },
        { header: "When", cell: ({ at }) => <Time at={at} /> },
        {
          header: "From where",
          cell: ({ clientAddress }) => (
            <span className="break-all sm:block sm:min-w-36 sm:text-xs">{clientAddress || "–"}</span>
          ),
        },
      ]}
    />
  )
}

function Who({ who: { standing, name, email } }: { who: Actor }) {
  return (
    <span className="block max-sm:text-right sm:min-w-44">
      <span className="block break-words text-ink">{name || email}</span>
      {name && email && <span className="block break-all text-xs">{email}</span>}
      {standing === "outsider" && <span className="block text-xs">Not a member</span>}
    </span>
  )
}
