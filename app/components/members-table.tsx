import { Avatar } from "~/components/ui/avatar"
import { Badge } from "~/components/ui/badge"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { type Role, roleNames } from "~/domain/organizations/roles"

type Member = {
  membershipId: string
  name: string
  email: string
  role: Role
  joinedAt: string | Date
  isYou: boolean
}

/** The people of an organisation. */
export function MembersTable({ members, search }: { members: readonly Member[]; search: string }) {
  return (
    <Table
      caption="Members"
      rows={members}
      rowKey={member => member.membershipId}
      empty={<EmptyState title="Nobody found">{`No name or address here contains “${search}”.`}</EmptyState>}
      columns={[
        { header: "Person", cell: member => <Person member={member} /> },
        {
          header: "Role",
          cell: ({ role }) => <Badge tone={role === "owner" ? "lamp" : "plain"}>{roleNames[role]}</Badge>,
        },
        { header: "Joined", cell: member => <Time at={member.joinedAt} show="date" /> },
      ]}
    />
  )
}

function Person({ member: { name, email, isYou } }: { member: Member }) {
  return (
    <span className="flex items-center gap-3">
      <Avatar name={name || email} />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-2 font-medium text-ink">
          <span className="break-words">{name || email}</span> {isYou && <Badge>You</Badge>}
        </span>
        {name && <span className="block break-all text-ink-soft text-xs">{email}</span>}
      </span>
    </span>
  )
}
