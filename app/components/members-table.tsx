import { Avatar } from "~/components/ui/avatar"
import { Badge } from "~/components/ui/badge"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type Role, roleNames } from "~/domain/organizations/roles"
import { paths } from "~/lib/paths"

type Member = {
  membershipId: string
  name: string
  email: string
  role: Role
  joinedAt: string | Date
  isYou: boolean
}

type Props = {
  slug: string
  members: readonly Member[]
  search: string
  /** Whether the reader may open the page of anyone; their own they always may. */
  mayManage: boolean
}

/** The people of an organisation; the names lead to what can be done. */
export function MembersTable({ slug, members, search, mayManage }: Props) {
  return (
    <Table
      caption="Members"
      rows={members}
      rowKey={member => member.membershipId}
      empty={
        <EmptyState title="Nobody found">
          {search ? `No name or address here contains “${search}”.` : "Nobody here has this role."}
        </EmptyState>
      }
      columns={[
        {
          header: "Person",
          cell: member => (
            <Person
              member={member}
              to={
                mayManage || member.isYou ? paths.organization.member(slug, member.membershipId) : undefined
              }
            />
          ),
        },
        {
          header: "Role",
          cell: ({ role }) => <Badge tone={role === "owner" ? "lamp" : "plain"}>{roleNames[role]}</Badge>,
        },
        { header: "Joined", cell: member => <Time at={member.joinedAt} show="date" /> },
      ]}
    />
  )
}

function Person({ member: { name, email, isYou }, to }: { member: Member; to?: string }) {
  const shown = name || email
  return (
    <span className="flex items-center gap-3">
      <Avatar name={shown} />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-2 font-medium text-ink">
          {to ? (
            <TextLink to={to} className="break-words">
              {shown}
            </TextLink>
          ) : (
            <span className="break-words">{shown}</span>
          )}{" "}
          {isYou && <Badge>You</Badge>}
        </span>
        {name && <span className="block break-all text-ink-soft text-xs">{email}</span>}
      </span>
    </span>
  )
}
