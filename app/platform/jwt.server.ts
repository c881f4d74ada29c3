/**
 * Signed tokens for programs (RFC 7519, RFC 9068, RFC 8725). Algorithm, issuer, audience and type are ours to say, never the
 * token's; its `kid` only names which of our own keys to try, and nothing is ever fetched because a token asks for it.
 */
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from "jose"
import { LRUCache } from "lru-cache"
import type { Soon } from "~/lib/soon"
import { now } from "~/platform/clock.server"
import { env } from "~/platform/env.server"
import {
  isPublished,
  signatureLifetime,
  signingAlgorithm,
  signingKey,
  verifyingKey,
} from "~/platform/signing-keys.server"

/** What a token is for: one of another type is worthless in its place (RFC 8725, section 3.11). */
export type TokenType = "at+jwt"

type Verified = { keyId: string; claims: JWTPayload }

/** A signature holds for as long as its token: checked once, it need not be checked at each of a client's calls. */
const verified = new LRUCache<string, Verified>({ max: 10_000 })

/** Whom our access tokens are for: the API of this installation, and what the team hosts beside it. */
export function tokenAudience(): string {
  return env().appUrl
}

/** Signs claims as a token of this type that counts for `lifetime` milliseconds, and not beyond `until` if it is told. */
export async function signToken(
  type: TokenType,
  claims: JWTPayload & { sub: string },
  lifetime: number,
  until?: Date,
): Promise<string> {
  const { id, key } = await signingKey()
  const at = now()
  const end = Math.min(+at + lifetime, +(until ?? Infinity))
  return new SignJWT(claims)
    .setProtectedHeader({ alg: signingAlgorithm, kid: id, typ: type })
    .setIssuer(env().appUrl)
    .setAudience(tokenAudience())
    .setIssuedAt(at)
    .setExpirationTime(new Date(end))
    .sign(key)
}

/**
 * The claims of a token of this type that we signed and that counts at this moment; undefined for any other text. At once for a
 * token that came before.
 */
export function verifyToken(type: TokenType, token: string): Soon<JWTPayload | undefined> {
  if (token.length > longest) return undefined
  const known = verified.get(`${type} ${token}`)
  if (!known) return verifyAnew(type, token)
  return stillCounts(known) ? known.claims : undefined
}

async function verifyAnew(type: TokenType, token: string): Promise<JWTPayload | undefined> {
  try {
    const keyId: unknown = decodeProtectedHeader(token).kid
    const key = typeof keyId === "string" ? await verifyingKey(keyId) : undefined
    if (!key || typeof keyId !== "string") return undefined
    const { payload: claims } = await jwtVerify(token, key, {
      algorithms: [signingAlgorithm],
      issuer: env().appUrl,
      audience: tokenAudience(),
      typ: type,
      requiredClaims: ["sub", "exp", "iat"],
      maxTokenAge: signatureLifetime / 1000,
      currentDate: now(),
    })
    verified.set(`${type} ${token}`, { keyId, claims })
    return claims
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Characters; ours are a third of it. */
const longest = 2_048

function stillCounts({ keyId, claims: { exp = 0 } }: Verified): boolean {
  return exp * 1000 > +now() && isPublished(keyId)
}
