import { createPublicKey, verify } from "node:crypto"
import type { Person, Raw } from "./database"

type Claims = { sid: string; sub: string; iss: string; aud: string; exp: number }

/** As many tokens as ours remembers. */
const mostSeen = 10_000

/** Who an access token names: its signature checked once, its session and its key looked up each time. */
export function bearerReader({ reader }: Raw, issuer: string) {
  const seen = new Map<string, { kid: string; claims: Claims }>()
  const keyOf = reader.prepare<[string], { publicKey: string }>(
    "SELECT publicKey FROM SigningKey WHERE id = ?",
  )
  const session = reader.prepare<[string, number, number], Person>(
    `SELECT s.id, s.userId, u.email, u.name, u.isOperator FROM Session s JOIN User u ON u.id = s.userId
     WHERE s.id = ? AND s.endedAt IS NULL AND s.expiresAt > ? AND s.lastSeenAt > ? AND u.disabledAt IS NULL`,
  )

  function check(token: string): { kid: string; claims: Claims } | undefined {
    const [head = "", body = "", signature = ""] = token.split(".")
    const { kid, alg } = JSON.parse(Buffer.from(head, "base64url").toString())
    const row = alg === "ES256" ? keyOf.get(kid) : undefined
    if (!row) return undefined
    const key = createPublicKey({ key: JSON.parse(row.publicKey), format: "jwk" })
    const signed = Buffer.from(`${head}.${body}`)
    const good = verify(
      "sha256",
      signed,
      { key, dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    )
    return good ? { kid, claims: JSON.parse(Buffer.from(body, "base64url").toString()) } : undefined
  }

  return (header: string): Person | undefined => {
    const token = header.slice("Bearer ".length)
    const known = seen.get(token) ?? check(token)
    if (!known || !keyOf.get(known.kid)) return undefined
    if (seen.size >= mostSeen) seen.clear()
    seen.set(token, known)
    const { sid, iss, aud, exp } = known.claims
    const at = Date.now()
    if (iss !== issuer || aud !== issuer || exp * 1000 <= at) return undefined
    return session.get(sid, at, at - 30 * 24 * 60 * 60 * 1000)
  }
}
