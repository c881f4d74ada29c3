import { Badge } from "~/components/ui/badge"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { paths } from "~/lib/paths"

export type PasskeyRow = {
  id: string
  name: string
  createdAt: Date
  lastUsedAt: Date | null
  madeOn: string
  keptIn: string | null
  otherHost: string | null
}

/** A person's passkeys, with what they need to tell one from another. */
export function PasskeysTable({ passkeys }: { passkeys: readonly PasskeyRow[] }) {
  return (
    <Table
      caption="Your passkeys"
      rows={passkeys}
      rowKey={passkey => passkey.id}
      columns={[
        {
          header: "Name",
          cell: ({ name, otherHost }) => (
            <span className="flex flex-col items-start gap-1 font-medium">
              <span className="break-words">{name}</span>
              {otherHost && (
                <>
                  <Badge tone="warn">Not for this address</Badge>
                  <span className="break-all font-normal text-ink-soft text-xs">Made for {otherHost}</span>
                </>
              )}
            </span>
          ),
        },
        { header: "Kept in", cell: ({ keptIn, madeOn }) => keptIn ?? madeOn },
        { header: "Added", cell: ({ createdAt }) => <Time at={createdAt} show="date" /> },
        {
          header: "Last used",
          cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} show="relative" /> : "Never"),
        },
        {
          header: "Change",
          hideHeader: true,
          align: "end",
          cell: ({ id, name }) => (
            <TextLink to={paths.account.passkey(id)} aria-label={`Change ${name}`}>
              Change
            </TextLink>
          ),
        },
      ]}
    />
  )
}
