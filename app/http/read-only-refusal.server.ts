import { isReadOnly } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { actsThatChange, can, type Permission, whoMay } from "~/domain/organizations/roles"
import type { failure, failureJson } from "~/http/failures.server"
import { paths } from "~/lib/paths"

/** What a member may do at this request, of all that the table gives their role. */
export type May = (permission: Permission) => boolean

/** Ends the request when it would change an organisation whose plan is unpaid or gone [B7]: says what is missing, and the way out. */
export async function refuseWhileReadOnly(
  refuse: typeof failure | typeof failureJson,
  { role, organizationId, organization: { slug, name } }: Membership,
): Promise<never> {
  const { banner } = await accessOf(organizationId)
  const mayPay = can(role, "billing.manage")
  const whom = mayPay
    ? "Open billing to put that right."
    : `Ask ${whoMay("billing.manage")} to put that right.`
  throw refuse("read_only", {
    words: `The plan of ${name} ${banner?.act === "choose_plan" ? "has ended" : "is not paid"}, so it can be read and exported, but not changed. ${whom}`,
    wayOn: mayPay
      ? { to: paths.organization.billing(slug), label: "Open billing" }
      : { to: paths.organization.overview(slug), label: `Back to ${name}` },
  })
}

/** The table, less what waits until the plan is paid. */
export async function mayNow({ organizationId, role }: Membership): Promise<May> {
  const { level } = await accessOf(organizationId)
  const waits = isReadOnly(level) ? actsThatChange : []
  return permission => can(role, permission) && !waits.includes(permission)
}
