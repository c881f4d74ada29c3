/** Who may go on. Every loader and action calls its own guard: Remix runs them independently of their parents'. */
import { redirect } from "@remix-run/node"
import { findSession, type SignedIn } from "~/domain/accounts/sessions.server"
import type { KeyCaller } from "~/domain/organizations/api-key-lookup.server"
import { currentSlugOf } from "~/domain/organizations/former-addresses.server"
import {
  findMembership,
  findProgramMembership,
  type Membership,
} from "~/domain/organizations/memberships.server"
import { mayHere, type Permission, whoMay } from "~/domain/organizations/roles"
import { bearer } from "~/http/api/bearer.server"
import { type OpenWhileArchived, refuseWhileArchived } from "~/http/archived-refusal.server"
import { failure, failureJson } from "~/http/failures.server"
import { movedTo } from "~/http/former-address.server"
import { ownCookies } from "~/http/own-cookies.server"
import { type May, mayNow, refuseWhileReadOnly } from "~/http/read-only-refusal.server"
import { isApiCall } from "~/http/request-target.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { refuseWhileOwing } from "~/http/sign-in-debt.server"
import { paths } from "~/lib/paths"

export type { SignedIn }

/** The session id this request carries, live or not; once it has been renewed in the same request, the new one. */
export function sessionTokenOf(request: Request): string | undefined {
  return sessionCookie.rewritten(ownCookies()) ?? sessionCookie.read(request.headers.get("Cookie"))
}

/** Who is signed in, if anybody: by the token of a call to the API, or else by the cookie. */
export function optionalSession(request: Request): SignedIn | undefined {
  const who = bearer()
  if (who) return who.kind === "session" ? who.signedIn : undefined
  const token = sessionTokenOf(request)
  return token ? findSession(token) : undefined
}

/** For the program of an organisation where no scope would help. */
export function personNeeded(): Response {
  return failureJson("scope_missing", { words: "No API key may do this: it takes a person." })
}

/** Who is signed in. Guests are sent to the sign-in page and come back here; API callers get 401, API keys 403. */
export function requireSession(request: Request): SignedIn {
  const signedIn = optionalSession(request)
  if (signedIn) return signedIn
  if (bearer()?.kind === "key") throw personNeeded()
  if (isApiCall(request)) throw failureJson("signed_out")
  const url = new URL(request.url)
  throw redirect(paths.signIn.start(request.method === "GET" ? url.pathname + url.search : undefined))
}

/** An operator of this installation. Others are sent home, guests to sign-in. */
export function requireOperator(request: Request): SignedIn {
  const signedIn = requireSession(request)
  if (!signedIn.isOperator) throw redirect(paths.home())
  return signedIn
}

/**
 * A member of the organisation of this slug, with the permission if one is named, who signed in as it asks. Strangers get 404,
 * others 403; a member who asks for an address it had before is led to the one it has. While it is archived nobody goes on but
 * who may do `whileArchived` even then: the permission itself, unless another act or everyone is named.
 */
export async function requireMembership(
  request: Request,
  slug: string | undefined,
  permission?: Permission,
  options: Options = {},
): Promise<{ signedIn: SignedIn; membership: Membership; may: May }> {
  const signedIn = requireSession(request)
  const { userId } = signedIn
  return { signedIn, ...(await admit(request, { userId, session: signedIn }, slug, permission, options)) }
}

/**
 * The same for the program of an organisation: it acts with the role of whoever made its key, an admin's at most, and there
 * only. What else that person belongs to it does not hear of.
 */
export async function requireKeyMembership(
  request: Request,
  { userId, organizationId, slug: own }: KeyCaller,
  slug: string | undefined,
  permission: Permission,
): Promise<{ membership: Membership; may: May }> {
  const isOwn = slug === own || (slug && currentSlugOf(userId, slug) === own)
  if (!isOwn) throw failureJson("not_found")
  const admitted = await admit(request, { userId }, slug, permission, {})
  if (admitted.membership.organizationId !== organizationId) throw failureJson("not_found")
  return admitted
}

type Options = { whileArchived?: OpenWhileArchived }

async function admit(
  request: Request,
  { userId, session }: { userId: string; session?: SignedIn },
  slug: string | undefined,
  permission: Permission | undefined,
  { whileArchived = permission }: Options,
): Promise<{ membership: Membership; may: May }> {
  const refuse = isApiCall(request) ? failureJson : failure
  const find = session ? findMembership : findProgramMembership
  const membership = slug ? await find(userId, slug) : undefined
  if (!membership) throw (slug && movedTo(request, userId, slug)) || refuse("not_found")
  if (session) refuseWhileOwing(request, refuse, membership, session)
  await refuseWhileArchived(refuse, membership, whileArchived)
  if (permission && !mayHere(membership, permission)) {
    const { slug, name } = membership.organization
    const words = `Only ${whoMay(permission, membership.organization)} of ${name} can do this. Ask one of them.`
    throw refuse("forbidden", {
      words,
      wayOn: { to: paths.organization.overview(slug), label: `Back to ${name}` },
    })
  }
  const may = await mayNow(membership)
  if (permission && !may(permission)) await refuseWhileReadOnly(refuse, membership)
  return { membership, may }
}
