import { maskAddress } from "~/domain/accounts/addresses.server"
import { asksForPassword } from "~/domain/accounts/first-password.server"
import { findUserByEmail } from "~/domain/accounts/users.server"
import { readLink } from "~/domain/links/spend.server"
import type { InvitationPage } from "~/domain/onboarding/invitation-page"
import { senderStillMay } from "~/domain/organizations/invitation-authority.server"
import { type InvitationView, readInvitation } from "~/domain/organizations/invitations.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import { db } from "~/platform/db.server"

type Person = { userId: string; email: string }

/** What the page of an invitation's link shows. Spends nothing and writes nothing [L1]. */
export async function viewInvitation(token: string, signedIn: Person | undefined): Promise<InvitationPage> {
  const view = await readLink(db(), "invitation", token)
  const invitation = await readInvitation(db(), view?.link.invitationId ?? "")
  if (!view || !invitation) return { state: "invalid" }
  const { organization, inviter, role } = invitation
  const organizationName = organization.name
  const inviterName = inviter?.name
  if (invitation.state === "revoked") return { state: "revoked" }
  if (view.state === "used" || invitation.state === "accepted") return used(invitation, signedIn)
  if (organization.archived) return { state: "archived" }
  if (view.state === "expired" && invitation.state === "open") return { state: "newer" }
  if (invitation.state === "expired") {
    return { state: "expired", organizationName, inviterName, askedAgain: invitation.askedAgain }
  }
  const organizationId = organization.id
  if (!(await senderStillMay(db(), { organizationId, invitedById: inviter?.id ?? null, role })))
    return { state: "sender_gone" }
  const invited = await findUserByEmail(db(), invitation.email)
  const otherPerson = signedIn !== undefined && signedIn.email !== invitation.email
  return {
    state: "open",
    organizationName,
    inviterName,
    role,
    address: otherPerson ? invitation.emailTyped : maskAddress(invitation.email),
    otherPerson,
    asksName: !invited?.name,
    asksPassword: (signedIn === undefined || otherPerson) && asksForPassword(invited),
  }
}

async function used(invitation: InvitationView, signedIn: Person | undefined): Promise<InvitationPage> {
  const isThem = signedIn?.email === invitation.email
  const membership = isThem && (await findMembership(signedIn.userId, invitation.organization.slug))
  return { state: "used", slug: membership ? invitation.organization.slug : undefined }
}
