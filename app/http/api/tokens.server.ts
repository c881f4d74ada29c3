import type { AppLoadContext } from "@remix-run/node"
import { z } from "zod"
import { secondFactors } from "~/domain/accounts/second-factors"
import { findSession, findSessionById, type SignedIn } from "~/domain/accounts/sessions.server"
import { challengeLifetime } from "~/domain/accounts/sign-in-challenges.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { roles } from "~/domain/organizations/roles"
import { accessTokenLifetime, issueAccessToken, organizationFor } from "~/domain/sign-in/access-tokens.server"
import { waysToAnswer } from "~/domain/sign-in/challenge-ways.server"
import type { Entry } from "~/domain/sign-in/complete-sign-in.server"
import { endFamily, holderOf, openFamily } from "~/domain/sign-in/refresh-tokens.server"
import { sessionTokenOf } from "~/http/guards.server"
import { refreshCookie } from "~/http/refresh-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { now } from "~/platform/clock.server"

export const Person = z
  .object({
    id: z.string(),
    // Of any script (RFC 6531), which `z.email()` refuses.
    email: z.string().meta({ format: "idn-email" }),
    name: z.string(),
    isOperator: z.boolean(),
  })
  .meta({ id: "Person" })

export const OwnOrganization = z
  .object({ id: z.string(), slug: z.string(), name: z.string(), role: z.enum(roles) })
  .meta({ id: "OwnOrganization", description: "An organisation, and the caller’s role in it." })

export const Tokens = z
  .object({
    status: z.literal("signed_in"),
    accessToken: z.string().meta({ description: "A JWT for `Authorization: Bearer`." }),
    tokenType: z.literal("Bearer"),
    expiresIn: z.int().meta({ description: "Seconds." }),
    user: Person,
    organization: OwnOrganization.nullable().meta({
      description: "Which one the token speaks of, as `org`.",
    }),
  })
  .meta({ id: "Tokens", description: "The refresh token comes beside it, as a cookie." })

export const SecondFactorOwed = z
  .object({
    status: z.literal("second_factor"),
    challenge: z
      .string()
      .meta({ description: "For `POST /api/auth/mfa/verify`, or to sign in with a passkey." }),
    ways: z.array(z.enum(secondFactors)),
    expiresIn: z.int().meta({ description: "Seconds." }),
  })
  .meta({ id: "SecondFactorOwed" })

/** What every way of signing in answers. */
export const SignInAnswer = z.discriminatedUnion("status", [Tokens, SecondFactorOwed])

type Asked = { request: Request; context: AppLoadContext }

/** What a way in that worked is answered with: tokens, with the refresh token as a cookie, or the second factor that is owed. */
export async function answerEntry(
  entry: Entry,
  { request, context }: Asked,
): Promise<z.input<typeof SignInAnswer>> {
  if (entry.kind === "challenge") {
    const ways = await waysToAnswer(entry.userId)
    return { status: "second_factor", challenge: entry.token, ways, expiresIn: challengeLifetime / 1000 }
  }
  const signedIn = findSessionById(entry.sessionId)
  if (!signedIn) throw new Error("a session was over before it was answered")
  const previous = refreshCookie.read(request.headers.get("Cookie"))
  if (previous) await endFamily(previous, requesterOf(request, context), "replaced")
  context.cookies.push(refreshCookie.serialize(await openFamily(signedIn.sessionId)))
  return tokensOf(signedIn, await organizationFor(signedIn, null))
}

/** A new access token of this session, as every answer with tokens tells it. It ends at `until`, if that is sooner than in an hour. */
export async function tokensOf(
  signedIn: SignedIn,
  membership: Membership | undefined,
  until?: Date,
): Promise<z.input<typeof Tokens>> {
  return {
    status: "signed_in",
    ...(await newAccessToken(signedIn, membership, until)),
    tokenType: "Bearer",
    user: personOf(signedIn),
    organization: membership ? ownOrganizationOf(membership) : null,
  }
}

/** The part of it that is the token. */
export async function newAccessToken(
  signedIn: SignedIn,
  membership: Membership | undefined,
  until?: Date,
): Promise<{ accessToken: string; expiresIn: number }> {
  const accessToken = await issueAccessToken(signedIn, membership?.organizationId ?? null, until)
  const left = until ? Math.min(+until - +now(), accessTokenLifetime) : accessTokenLifetime
  return { accessToken, expiresIn: Math.max(0, Math.floor(left / 1000)) }
}

/** Takes both cookies away from a client whose session is over. */
export function forgetSessions({ cookies }: AppLoadContext): void {
  cookies.push(refreshCookie.clear(), sessionCookie.clear())
}

/** The same after a person's sessions have ended, in a browser that may hold another person's as well: what is live still stays. */
export function forgetEndedSessions(request: Request, { cookies }: AppLoadContext): void {
  const refresh = refreshCookie.read(request.headers.get("Cookie"))
  const page = sessionTokenOf(request)
  if (!refresh || !holderOf(refresh)) cookies.push(refreshCookie.clear())
  if (!page || !findSession(page)) cookies.push(sessionCookie.clear())
}

/** Who is signed in, as answers tell it. */
export function personOf({ userId: id, email, name, isOperator }: SignedIn): z.input<typeof Person> {
  return { id, email, name, isOperator }
}

/** An organisation with one's own role, as answers tell it. */
export function ownOrganizationOf({ organization, role }: Membership): z.input<typeof OwnOrganization> {
  const { id, slug, name } = organization
  return { id, slug, name, role }
}
