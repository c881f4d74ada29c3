/**
 * Access tokens for programs [A1]: signed, an hour long, and no more than a name for a session, as it is till its id changes [S2].
 * Each use looks the session up, so that signing out, anywhere, counts at the very next request; what someone may do in an
 * organisation is looked up as well, and never told by the token.
 */
import { findSessionById, type SignedIn } from "~/domain/accounts/sessions.server"
import { type Membership, membershipsOf } from "~/domain/organizations/memberships.server"
import { owed } from "~/domain/organizations/sign-in-rules"
import { andThen, type Soon } from "~/lib/soon"
import { newId } from "~/platform/ids.server"
import { signToken, verifyToken } from "~/platform/jwt.server"
import { signatureLifetime } from "~/platform/signing-keys.server"

/** Milliseconds an access token counts. */
export const accessTokenLifetime = signatureLifetime

/**
 * A token for this session that speaks of this organisation, if any. One that is given for another ends when that one does
 * (`until`): whoever has copied a token must not live on it.
 */
export function issueAccessToken(
  { userId, sessionId, generation }: Pick<SignedIn, "userId" | "sessionId" | "generation">,
  organizationId: string | null,
  until?: Date,
): Promise<string> {
  const claims = { sub: userId, sid: sessionId, gen: generation, org: organizationId, jti: newId() }
  return signToken("at+jwt", claims, accessTokenLifetime, until)
}

export type Named = { signedIn: SignedIn; organizationId: string | null; expiresAt: Date }

/** The live session a token names, the organisation it speaks of, and when it ends. Undefined for whatever is no token of ours that counts. */
export function readAccessToken(token: string): Soon<Named | undefined> {
  return andThen(verifyToken("at+jwt", token), claims => {
    const signedIn = typeof claims?.sid === "string" ? findSessionById(claims.sid) : undefined
    if (!signedIn || signedIn.userId !== claims?.sub || signedIn.generation !== claims.gen) return undefined
    const organizationId = typeof claims.org === "string" ? claims.org : null
    return { signedIn, organizationId, expiresAt: new Date((claims.exp ?? 0) * 1000) }
  })
}

/**
 * The organisation a new token of this session speaks of: the one chosen for it, else the one the person used last. Never one
 * that is archived, or asks for another way in than the session's: other programs take the token's word for it.
 */
export async function organizationFor(
  signedIn: SignedIn,
  chosen: string | null,
): Promise<Membership | undefined> {
  const open = (await membershipsOf(signedIn.userId)).filter(
    ({ organization }) => !organization.archivedAt && !owed(organization, signedIn),
  )
  return open.find(({ organizationId }) => organizationId === chosen) ?? open[0]
}
