import { InvitationCard } from "~/components/invitation-card"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import type { Role } from "~/domain/organizations/roles"
import { paths } from "~/lib/paths"

export type WaitingInvitation = {
  id: string
  role: Role
  organizationName: string
  inviterName?: string
  askedAgain: boolean
}

type Props = { invitations: readonly WaitingInvitation[] }

/** Invitations to the address of who is signed in, each with its button. */
export function WaitingInvitations({ invitations }: Props) {
  if (invitations.length === 0) return null
  return (
    <ul className="flex flex-col gap-4">
      {invitations.map(invitation => (
        <li key={invitation.id}>
          <InvitationCard {...invitation}>
            <Form action={paths.start()}>
              <input type="hidden" name="invitationId" value={invitation.id} />
              <Button wide pendingLabel="Joining…" aria-label={`Accept, join ${invitation.organizationName}`}>
                Accept
              </Button>
            </Form>
          </InvitationCard>
        </li>
      ))}
    </ul>
  )
}

/** Those that have run out: the inviter is asked for a new one, once [O5]. */
export function ExpiredInvitations({ invitations }: Props) {
  if (invitations.length === 0) return null
  return (
    <ul className="flex flex-col gap-4">
      {invitations.map(invitation => (
        <li key={invitation.id}>
          <InvitationCard {...invitation}>
            {invitation.askedAgain ? (
              <p className="text-ink-soft text-sm">
                It has expired. You have asked for a new one; it comes by mail.
              </p>
            ) : (
              <Form action={paths.invitationAskAgain()}>
                <p className="text-ink-soft text-sm">It has expired.</p>
                <input type="hidden" name="invitationId" value={invitation.id} />
                <Button kind="secondary" wide pendingLabel="Asking…">
                  Ask for a new invitation
                </Button>
              </Form>
            )}
          </InvitationCard>
        </li>
      ))}
    </ul>
  )
}
