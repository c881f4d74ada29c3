import { readLink } from "~/domain/links/spend.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { invitationState } from "~/domain/organizations/invitation-state"
import { can, isRole } from "~/domain/organizations/roles"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import type { Invitation } from "~/platform/models.server"

/**
 * Tells the inviter by mail that the invited person would still like to come [O5]: once per invitation sent, decided by one
 * conditional write. Takes the token of the expired link as proof of being the one invited, and spends nothing. Fails with
 * `asked_already`, or `not_expired` when there is nothing to ask for.
 */
export async function askForFreshInvitation(
  token: string,
): Promise<Result<void, "asked_already" | "not_expired">> {
  return transaction(async tx => {
    const view = await readLink(tx, "invitation", token)
    return ask(tx, { id: view?.link.invitationId ?? "" })
  })
}

/** The same for someone signed in, whose proven address it is that was invited. */
export async function askSignedIn(
  userId: string,
  invitationId: string,
): Promise<Result<void, "asked_already" | "not_expired">> {
  return transaction(async tx => {
    const user = await tx.user.findUnique({ where: { id: userId, provenAt: { not: null } } })
    return user ? ask(tx, { id: invitationId, email: user.email }) : err("not_expired")
  })
}

async function ask(
  tx: Tx,
  where: { id: string; email?: string },
): Promise<Result<void, "asked_already" | "not_expired">> {
  const invitation = await tx.invitation.findUnique({ where, include: { organization: true } })
  if (!invitation || invitationState(invitation, now()) !== "expired") return err("not_expired")
  const { organizationId, organization, emailTyped: invited } = invitation
  if (organization.archivedAt) return err("not_expired")
  const asked = await tx.invitation.updateMany({
    where: { id: invitation.id, askedAgainAt: null },
    data: { askedAgainAt: now() },
  })
  if (asked.count === 0) return err("asked_already")
  const { name: organizationName, slug: organizationSlug } = organization
  for (const to of await whomToAsk(tx, invitation)) {
    const parameters = { organizationName, organizationSlug, invited }
    await queueMail(tx, { template: "invitation_ask_again", to, parameters, organizationId })
  }
  return ok()
}

/** The inviter; once they have left, or may not invite or sign in any more, the owners. */
async function whomToAsk(tx: Tx, { organizationId, invitedById }: Invitation): Promise<string[]> {
  const members = await tx.membership.findMany({
    where: {
      organizationId,
      user: { disabledAt: null },
      OR: [{ userId: invitedById ?? "" }, { role: "owner" }],
    },
    include: { user: { select: { email: true } } },
  })
  const inviter = members.find(
    ({ userId, role }) => userId === invitedById && isRole(role) && can(role, "invitations.manage"),
  )
  const asked = inviter ? [inviter] : members.filter(member => member.role === "owner")
  return asked.map(member => member.user.email)
}
