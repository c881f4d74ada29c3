import { Badge } from "~/components/ui/badge"
import { Facts } from "~/components/ui/facts"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import type { HoldReason } from "~/domain/organizations/hold-reasons"
import { paths } from "~/lib/paths"

type Hold = { because: HoldReason; at: Date; note: string; by: string | undefined }
type Owner = { id: string; name: string; email: string; disabled: boolean }

type Props = {
  organization: {
    createdAt: Date
    members: number
    invited: number
    owners: readonly Owner[]
    holds: readonly Hold[]
    closing: boolean
    eraseAt: Date | null
  }
  plan: string | null
  status: string | null
  endsAt: Date | null
}

const done: Record<HoldReason, string> = { operator: "Archived", billing: "Archived", closing: "Closed" }

/** What an operator knows of an organisation at a glance. */
export function DeskOrganizationFacts({ organization, plan, status, endsAt }: Props) {
  const { createdAt, members, invited, owners, holds, closing, eraseAt } = organization
  return (
    <Facts
      items={[
        { label: "State", value: <State holds={holds} closing={closing} eraseAt={eraseAt} /> },
        {
          label: "Plan",
          value: (
            <>
              {plan ?? "No plan"}
              {status && ` – ${status.toLowerCase()}`}
              {endsAt && (
                <>
                  , ends on <Time at={endsAt} show="date" />
                </>
              )}
            </>
          ),
        },
        { label: "Members", value: invited > 0 ? `${members}, and ${invited} invited` : String(members) },
        { label: owners.length === 1 ? "Owner" : "Owners", value: <Owners owners={owners} /> },
        { label: "Created", value: <Time at={createdAt} show="date" /> },
      ]}
    />
  )
}

function State({ holds, closing, eraseAt }: Pick<Props["organization"], "holds" | "closing" | "eraseAt">) {
  if (holds.length === 0) {
    return (
      <>
        <Badge tone="good">Open</Badge>
        {closing && " An owner wants it closed; that waits for the payment provider."}
      </>
    )
  }
  return (
    <ul className="flex flex-col gap-2">
      {holds.map(({ because, at, note, by }) => (
        <li key={because}>
          {done[because]} on <Time at={at} show="date" />
          {because === "billing" ? ", because the plan is not paid" : by && ` by ${by}`}.
          {note && ` “${note}”`}
          {because === "closing" && eraseAt && (
            <>
              {" "}
              It is erased on <Time at={eraseAt} show="date" />.
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function Owners({ owners }: { owners: readonly Owner[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {owners.map(({ id, name, email, disabled }) => (
        <li key={id} className="break-words">
          <TextLink to={paths.admin.person(id)}>{name || email}</TextLink>
          {name && ` (${email})`} {disabled && <Badge tone="bad">Disabled</Badge>}
        </li>
      ))}
    </ul>
  )
}
