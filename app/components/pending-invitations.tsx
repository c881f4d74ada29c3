import { Form } from "@remix-run/react"
import { Badge } from "~/components/ui/badge"
import { Button } from "~/components/ui/button"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { type Role, roleNames } from "~/domain/organizations/roles"

type Invitation = {
  id: string
  emailTyped: string
  role: Role
  state: string
  sentAt: string | Date
  expiresAt: string | Date
  inviterName?: string
}

type Props = { action: string; invitations: readonly Invitation[] }

/** Invitations nobody has answered yet, each to send again or withdraw. */
export function PendingInvitations({ action, invitations }: Props) {
  return (
    <Table
      caption="Invitations without an answer"
      rows={invitations}
      rowKey={invitation => invitation.id}
      columns={[
        { header: "Address", cell: ({ emailTyped }) => <span className="break-all">{emailTyped}</span> },
        { header: "Role", cell: ({ role }) => <Badge>{roleNames[role]}</Badge> },
        {
          header: "Invited",
          cell: ({ sentAt, inviterName }) => (
            <>
              <Time at={sentAt} show="relative" /> {inviterName && `by ${inviterName}`}
            </>
          ),
        },
        {
          header: "Good until",
          cell: ({ state, expiresAt }) =>
            state === "expired" ? <Badge tone="warn">Expired</Badge> : <Time at={expiresAt} show="date" />,
        },
        {
          header: "Actions",
          hideHeader: true,
          align: "end",
          cell: invitation => <Acts action={action} invitation={invitation} />,
        },
      ]}
    />
  )
}

function Acts({ action, invitation: { id, emailTyped } }: { action: string; invitation: Invitation }) {
  return (
    <Form method="post" action={action} className="inline-flex gap-1">
      <input type="hidden" name="invitationId" value={id} />
      <Button
        kind="secondary"
        size="small"
        name="intent"
        value="resend"
        aria-label={`Send again to ${emailTyped}`}
      >
        Send again
      </Button>
      <Button
        kind="quiet"
        size="small"
        name="intent"
        value="revoke"
        aria-label={`Withdraw for ${emailTyped}`}
      >
        Withdraw
      </Button>
    </Form>
  )
}
