import { env } from "~/platform/env.server"
import { microsoftAuthority } from "~/platform/provider-settings.server"

/** Where Microsoft keeps everybody's private accounts. */
const privateAccounts = "9188040d-6c67-4c5b-b112-36a304b66dad"

const tenantId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The tenant of a token of Microsoft's, when its issuer is that tenant's. Undefined when the two differ. */
export function tenantOf({ iss, tid }: { iss: string; tid?: unknown }): string | undefined {
  if (typeof tid !== "string" || !tenantId.test(tid)) return undefined
  return iss === `${microsoftAuthority}/${tid}/v2.0` ? tid : undefined
}

/** Whether people of this tenant may use this installation's client: AZURE_TENANT_ID, whatever the page they signed in at. */
export function isTenantWanted(tenant: string): boolean {
  const wanted = env().providers.microsoft?.tenant.toLowerCase() ?? ""
  if (tenantId.test(wanted)) return tenant === wanted
  if (wanted === "organizations") return tenant !== privateAccounts
  // A domain's tenant is the issuer its discovery names, which the token has been compared with.
  return wanted !== "consumers" || tenant === privateAccounts
}
