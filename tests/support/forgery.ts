import { createHmac } from "node:crypto"
import { importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { unseal } from "~/platform/sealed.server"
import { signingAlgorithm, signingKeyPurpose } from "~/platform/signing-keys.server"

/** The parts of a token, unproven. */
export function partsOf(token: string): {
  header: JWTHeaderParameters
  claims: JWTPayload
  signature: string
} {
  const [header = "", claims = "", signature = ""] = token.split(".")
  return { header: parsed(header), claims: parsed(claims), signature }
}

/** A token of these parts with no signature, or with the one given. */
export function unsigned(header: object, claims: object, signature = ""): string {
  return [...[header, claims].map(part => encoded(JSON.stringify(part))), signature].join(".")
}

/** Signed by HMAC with any secret. */
export function hmacSigned(header: object, claims: object, secret: string | Buffer): string {
  const text = unsigned(header, claims).slice(0, -1)
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`
}

/** Signed with the very key of the installation, whatever it says: what only a bug of ours could have made. */
export async function signedByUs(header: Partial<JWTHeaderParameters>, claims: JWTPayload): Promise<string> {
  const { id, privateKey } = await db().signingKey.findFirstOrThrow()
  const plain = unseal(signingKeyPurpose, privateKey)
  const key = await importJWK(JSON.parse(plain ?? ""), signingAlgorithm)
  return new SignJWT(claims)
    .setProtectedHeader({ alg: signingAlgorithm, kid: id, typ: "at+jwt", ...header })
    .sign(key)
}

/** Seconds since 1970 by the test's clock, moved by so many milliseconds. */
export const secondsFrom = (ms: number) => Math.floor((+now() + ms) / 1000)

function encoded(text: string): string {
  return Buffer.from(text).toString("base64url")
}

function parsed(part: string) {
  return JSON.parse(Buffer.from(part, "base64url").toString())
}
