import { archivedWords } from "~/domain/organizations/archived"
import type { Membership } from "~/domain/organizations/memberships.server"
import { actsWhileArchived, mayHere, type Permission } from "~/domain/organizations/roles"
import { whyArchived } from "~/domain/organizations/why-archived.server"
import type { failure, failureJson } from "~/http/failures.server"
import { paths } from "~/lib/paths"

/** Who may go on in an archived organisation: those who may do this act even then, or every member. */
export type OpenWhileArchived = Permission | "everyone"

/** Ends the request when the organisation is archived and this is not among the few things that go on [O8]: says why, and whom to ask. */
export async function refuseWhileArchived(
  refuse: typeof failure | typeof failureJson,
  membership: Membership,
  openTo: OpenWhileArchived | undefined,
): Promise<void> {
  const { role, organization } = membership
  if (!organization.archivedAt || openTo === "everyone") return
  if (openTo && actsWhileArchived.includes(openTo) && mayHere(membership, openTo)) return
  const view = await whyArchived(membership)
  if (!view) throw refuse("not_found")
  const { slug, name } = organization
  const wayOn = { to: paths.organization.overview(slug), label: `Open ${name}` }
  const leads = role === "owner" || view.mayPay
  throw refuse("archived", { words: archivedWords(view), ...(leads && { wayOn }) })
}
