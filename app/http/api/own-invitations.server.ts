/** What a person is invited to, as their program sees it, and why it cannot be accepted. */
import { z } from "zod"
import type { AcceptRefusal } from "~/domain/onboarding/accept-invitation.server"
import { invitationTroubles } from "~/domain/onboarding/invitation-troubles"
import type { InvitationView } from "~/domain/organizations/invitations.server"
import { roles } from "~/domain/organizations/roles"
import { type FailureCode, failureJson } from "~/http/failures.server"

export const OwnInvitation = z
  .object({
    id: z.string(),
    organization: z.object({ name: z.string() }),
    role: z.enum(roles),
    invitedBy: z
      .object({ name: z.string() })
      .nullable()
      .meta({ description: "Null when that account is gone." }),
    sentAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "OwnInvitation" })

/** An invitation as the one invited sees it: no more of the organisation and of who asks than the mail tells. */
export function tellOwnInvitation(invitation: InvitationView): z.input<typeof OwnInvitation> {
  const { id, organization, role, inviter, sentAt, expiresAt } = invitation
  return {
    id,
    organization: { name: organization.name },
    role,
    invitedBy: inviter ? { name: inviter.name } : null,
    sentAt: sentAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

const codes = {
  not_found: "not_found",
  full: "no_seat",
  read_only: "read_only",
  archived: "archived",
} as const satisfies Partial<Record<AcceptRefusal, FailureCode>>

/** What accepting can be refused with, for the document. */
export const acceptFailures = [...Object.values(codes), "invitation_over"] as const

/** An invitation that was not accepted, in the words its page has. */
export function acceptRefused(why: AcceptRefusal): Response {
  const { title, lead } = invitationTroubles[why]
  const known: Partial<Record<AcceptRefusal, FailureCode>> = codes
  return failureJson(known[why] ?? "invitation_over", { words: `${title}. ${lead}` })
}
