import { Badge } from "~/components/ui/badge"

/** Whether someone can sign in, and whether they run the installation. */
export function AccountState({
  account: { disabledAt, isOperator },
}: {
  account: { disabledAt: Date | string | null; isOperator: boolean }
}) {
  return (
    <span className="inline-flex flex-wrap gap-1.5">
      {disabledAt ? <Badge tone="bad">Disabled</Badge> : <Badge tone="good">Open</Badge>}
      {isOperator && <Badge tone="lamp">Operator</Badge>}
    </span>
  )
}
