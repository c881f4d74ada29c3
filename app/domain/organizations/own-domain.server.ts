import { domainOf } from "~/domain/accounts/addresses.server"
import { shownDomain } from "~/domain/organizations/mail-domain.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { db } from "~/platform/db.server"

/** The domain of a member's own address, as it is shown, if their organisation lets its people join; otherwise undefined. */
export async function joinableDomainOf({ organizationId, userId }: Membership): Promise<string | undefined> {
  const { email } = await db().user.findUniqueOrThrow({ where: { id: userId } })
  const domain = domainOf(email)
  const listed = await db().joinableDomain.count({ where: { organizationId, domain } })
  return listed > 0 ? shownDomain(domain) : undefined
}
