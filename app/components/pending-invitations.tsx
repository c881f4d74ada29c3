import { Form } from "@remix-run/react"
import { Pager } from "~/components/pager"
import { Badge } from "~/components/ui/badge"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type Role, roleNames } from "~/domain/organizations/roles"
import type { Page } from "~/lib/cursor"
import { paths } from "~/lib/paths"

type Invitation = {
  id: string
  emailTyped: string
  role: Role
  state: string
  sentAt: string | Date
  expiresAt: string | Date
  inviter?: { name: string }
}

type Props = {
  slug: string
  invitations: Page<Invitation>
  /** Whether anything can be done about them now. */
  mayInvite: boolean
}

/** Invitations nobody has answered yet, each to send again or withdraw. */
export function PendingInvitations({ slug, invitations: { rows, ...more }, mayInvite }: Props) {
  if (rows.length === 0) return null
  return (
    <>
      <Card title="Invited" lead="They have not answered yet." flush>
        <Table
          caption="Invitations without an answer"
          rows={rows}
          rowKey={invitation => invitation.id}
          columns={[
            {
              header: "Address",
              cell: ({ id, emailTyped }) =>
                mayInvite ? (
                  <TextLink className="break-all" to={paths.organization.invitation(slug, id)}>
                    {emailTyped}
                  </TextLink>
                ) : (
                  <span className="break-all">{emailTyped}</span>
                ),
            },
            { header: "Role", cell: ({ role }) => <Badge>{roleNames[role]}</Badge> },
            {
              header: "Invited",
              cell: ({ sentAt, inviter }) => (
                <>
                  <Time at={sentAt} show="relative" /> {inviter && `by ${inviter.name}`}
                </>
              ),
            },
            {
              header: "Good until",
              cell: ({ state, expiresAt }) =>
                state === "expired" ? (
                  <Badge tone="warn">Expired</Badge>
                ) : (
                  <Time at={expiresAt} show="date" />
                ),
            },
            {
              header: "Actions",
              hideHeader: true,
              align: "end",
              cell: invitation => mayInvite && <Acts slug={slug} invitation={invitation} />,
            },
          ]}
        />
      </Card>
      <Pager {...more} label="Pages of the invitations" words={["Newer", "Older"]} list="invited" />
    </>
  )
}

function Acts({ slug, invitation: { id, emailTyped } }: { slug: string; invitation: Invitation }) {
  return (
    <Form method="post" action={paths.organization.invitation(slug, id)} className="inline-flex gap-1">
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
