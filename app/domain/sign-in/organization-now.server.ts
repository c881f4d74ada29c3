import type { SignedIn } from "~/domain/accounts/sessions.server"
import { findMembershipById, type Membership } from "~/domain/organizations/memberships.server"
import { owed } from "~/domain/organizations/sign-in-rules"

/**
 * The membership of the organisation that a token speaks of, as things stand now: undefined for whoever was removed, while the
 * organisation is archived, and where the session does not fit what it asks for. The token itself may be an hour behind all that.
 */
export function organizationNow(signedIn: SignedIn, organizationId: string | null): Membership | undefined {
  const found = organizationId ? findMembershipById(signedIn.userId, organizationId) : undefined
  const open = found && !found.organization.archivedAt && !owed(found.organization, signedIn)
  return open ? found : undefined
}
