import { isReadOnly } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { actsThatChange, mayHere, type Permission, whoMay } from "~/domain/organizations/roles"
import type { failure, failureJson } from "~/http/failures.server"
import { paths } from "~/lib/paths"

/** What a member may do at this request, of all that the table gives their role. */
export type May = (permission: Permission) => boolean

/** Ends the request when it would change an organisation whose plan is unpaid or gone [B7]: says what is missing, and the way out. */
export async function refuseWhileReadOnly(
  refuse: typeof failure | typeof failureJson,
  membership: Membership,
): Promise<never> {
  const { organizationId, organization } = membership
  const { slug, name } = organization
  const { banner } = await accessOf(organizationId)
  const mayPay = mayHere(membership, "billing.manage")
  const whom = mayPay
    ? "Open billing to put that right."
    : `Ask ${whoMay("billing.manage", organization)} to put that right.`
  throw refuse("read_only", {
    words: `The plan of ${name} ${banner?.act === "choose_plan" ? "has ended" : "is not paid"}, so it can be read and exported, but not changed. ${whom}`,
    wayOn: mayPay
      ? { to: paths.organization.billing(slug), label: "Open billing" }
      : { to: paths.organization.overview(slug), label: `Back to ${name}` },
  })
}

/** The table, less what waits until the plan is paid. */
export async function mayNow(membership: Membership): Promise<May> {
  const { level } = await accessOf(membership.organizationId)
  const waits = isReadOnly(level) ? actsThatChange : []
  return permission => mayHere(membership, permission) && !waits.includes(permission)
}
