import { findMembership, type Membership } from "~/domain/organizations/memberships.server"
import type { User } from "~/platform/models.server"

/** Where the tests' acts come from: an address of the documentation range. */
export const requester = { clientAddress: "192.0.2.7", userAgent: "tests" }

/** The membership of someone who has one, by the lookup that makes them. */
export async function member(user: Pick<User, "id" | "email">, slug: string): Promise<Membership> {
  const membership = await findMembership(user.id, slug)
  if (!membership) throw new Error(`${user.email} does not belong to ${slug}.`)
  return membership
}
