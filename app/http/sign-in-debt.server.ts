import type { SignedIn } from "~/domain/accounts/sessions.server"
import { nameOfMethod } from "~/domain/accounts/sign-in-methods"
import type { Membership } from "~/domain/organizations/memberships.server"
import { can } from "~/domain/organizations/roles"
import { owed } from "~/domain/organizations/sign-in-rules"
import type { failure, failureJson } from "~/http/failures.server"
import { paths } from "~/lib/paths"

/**
 * Ends the request when the session does not fit what the organisation asks of its members [O12], and says what would. Whoever
 * decides about it still reaches the page where that is done, unless they came in by a way that is not allowed.
 */
export function refuseWhileOwing(
  request: Request,
  refuse: typeof failure | typeof failureJson,
  { organization, role }: Membership,
  session: SignedIn,
): void {
  const debt = owed(organization, session)
  const { name, slug, signInMethods } = organization
  const url = new URL(request.url)
  if (debt === "method_not_allowed") {
    const here = request.method === "GET" ? url.pathname + url.search : paths.organization.overview(slug)
    const allowed = signInMethods.map(nameOfMethod).join(", or: ")
    throw refuse("sign_in_method", {
      words: `${name} asks its members to come in by: ${allowed}. You came in by another way.`,
      wayOn: { to: paths.signIn.again(here), label: "Sign in again" },
    })
  }
  const decides = can(role, "security.manage") && url.pathname === paths.organization.security(slug)
  if (debt === "second_factor" && !decides) {
    throw refuse("second_factor", {
      words: `${name} asks its members for a second factor. Set one up in your account, then come back.`,
      wayOn: { to: paths.account.profile(), label: "Your account" },
    })
  }
}
