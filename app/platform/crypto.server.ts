import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { env } from "~/platform/env.server"

/** 32 random bytes as 43 base64url characters: the value of every token, session id and request cookie. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url")
}

/** SHA-256 in base64url. Enough for values of 32 random bytes: there is nothing to guess (OWASP Session Management). */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url")
}

/** HMAC-SHA-256 keyed by APP_SECRET, for short values that a copy of the database must not give away. */
export function keyedHash(purpose: string, value: string): string {
  return createHmac("sha256", env().appSecret).update(`${purpose}\0${value}`).digest("base64url")
}

/** Compares two hashes without telling by time where they differ. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
