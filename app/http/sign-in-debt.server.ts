import { redirect } from "@remix-run/node"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { can } from "~/domain/organizations/roles"
import { owed } from "~/domain/organizations/sign-in-rules"
import { isAvailable, nameHere } from "~/domain/sign-in/available-methods.server"
import type { failure, failureJson } from "~/http/failures.server"
import { isApiCall } from "~/http/request-target.server"
import { paths } from "~/lib/paths"

/**
 * Ends the request when the session does not fit what the organisation asks of its members [O12], and says what would. A page
 * that lacks only the second factor leads to where one is set up or shown, and back [S11]. Whoever decides about it still reaches
 * the page where that is done, unless they came in by a way that is not allowed.
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
  const opens = request.method === "GET"
  const here = opens ? url.pathname + url.search : paths.organization.overview(slug)
  if (debt === "method_not_allowed") {
    throw refuse("sign_in_method", {
      words: whatIsAllowed(name, signInMethods),
      wayOn: { to: paths.signIn.again(here), label: "Sign in again" },
    })
  }
  const decides = can(role, "security.manage") && url.pathname === paths.organization.security(slug)
  if (debt !== "second_factor" || decides) return
  if (opens && !isApiCall(request)) throw redirect(paths.account.twoFactor(here))
  throw refuse("second_factor", {
    words: `${name} asks its members for a second factor. Set one up in your account, then come back.`,
    wayOn: { to: paths.account.twoFactor(here), label: "Set it up" },
  })
}

/** Ways that this installation no longer has lead nowhere: they are named only when there is no other. */
function whatIsAllowed(name: string, methods: readonly string[]): string {
  const open = methods.filter(isAvailable)
  const allowed = (open.length > 0 ? open : methods).map(nameHere).join(", or: ")
  const asks = `${name} asks its members to come in by: ${allowed}.`
  if (open.length > 0) return `${asks} You came in by another way.`
  return `${asks} This site does not offer that at the moment. Ask the person who runs it.`
}
