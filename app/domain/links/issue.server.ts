/**
 * Issuing a link. The token is 32 random bytes and leaves this file once, towards the mail being sent; the row keeps its
 * SHA-256. The code is short enough to guess from a plain hash, so the row keeps an HMAC keyed by APP_SECRET: whoever
 * copies the database can use neither [L9]. The code is bound to the browser that asked by that browser's request cookie.
 */
import { randomInt } from "node:crypto"
import { codeAlphabet, codeLength } from "~/domain/links/code-alphabet"
import type { Purpose } from "~/domain/links/purposes"
import { now } from "~/platform/clock.server"
import { hashToken, keyedHash, randomToken } from "~/platform/crypto.server"
import type { Client } from "~/platform/db.server"
import { joiningStatement, type Stored } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"
import type { Link } from "~/platform/models.server"

export type LinkRequest = {
  purpose: Purpose
  /** Canonical address the link is mailed to. */
  email: string
  /** As the person typed it, kept for a user who does not exist yet. */
  emailTyped?: string
  userId?: string
  organizationId?: string
  invitationId?: string
  redirectTo?: string
  /** Hash of the request cookie of the browser that asked; without it there is no code. */
  requestHash?: string
  clientAddress?: string
  userAgent?: string
  requestedAt?: Date
}

export type IssuedLink = { id: string; token: string; code?: string }

/** The first start's set-up link lives as long as someone needs to find it in the log. */
const operatorSetupLifetime = 24 * 60 * 60 * 1000

/** A notice is read when its reader has time; what its link does is to lock, never to open. */
const notMeLifetime = 30 * 24 * 60 * 60 * 1000

/** Milliseconds a link of this purpose lives, from the settings. */
export function lifetimeOf(purpose: Purpose): number {
  if (purpose === "operator_setup") return operatorSetupLifetime
  if (purpose === "not_me") return notMeLifetime
  return env().linkLifetime[purpose]
}

/** What becomes of a link later is not there yet. */
type NewLink = Omit<
  Stored<Link>,
  "usedAt" | "usedByUserId" | "voidedAt" | "wrongCodes" | "codeVoidedAt" | "renewedAt"
>

const insert = joiningStatement<[NewLink]>(`
  INSERT INTO Link
    (id, purpose, tokenHash, codeHash, requestHash, email, emailTyped, userId, organizationId, invitationId,
     redirectTo, clientAddress, userAgent, requestedAt, createdAt, expiresAt)
  VALUES
    (@id, @purpose, @tokenHash, @codeHash, @requestHash, @email, @emailTyped, @userId, @organizationId, @invitationId,
     @redirectTo, @clientAddress, @userAgent, @requestedAt, @createdAt, @expiresAt)`)

/** Makes and stores a new link; its life counts from when it was asked for. Returns the only copy of token and code. */
export async function issueLink(client: Client, request: LinkRequest): Promise<IssuedLink> {
  const token = randomToken()
  const code = request.requestHash ? randomCode() : undefined
  const requestedAt = +(request.requestedAt ?? now())
  const id = newId()
  await insert.run(client, {
    id,
    purpose: request.purpose,
    tokenHash: hashToken(token),
    codeHash: code && request.requestHash ? codeHashOf(request.requestHash, code) : null,
    requestHash: request.requestHash ?? null,
    email: request.email,
    emailTyped: request.emailTyped ?? null,
    userId: request.userId ?? null,
    organizationId: request.organizationId ?? null,
    invitationId: request.invitationId ?? null,
    redirectTo: request.redirectTo ?? null,
    clientAddress: request.clientAddress ?? "",
    userAgent: request.userAgent ?? "",
    requestedAt,
    createdAt: +now(),
    expiresAt: requestedAt + lifetimeOf(request.purpose),
  })
  return { id, token, code }
}

/** What the row keeps of a code: an HMAC over the request it belongs to and the code. */
export function codeHashOf(requestHash: string, code: string): string {
  return keyedHash("sign-in-code", `${requestHash}\0${code}`)
}

/** A code nobody can guess within a few tries, easy to read out. */
export function randomCode(): string {
  return Array.from({ length: codeLength }, () => codeAlphabet.charAt(randomInt(codeAlphabet.length))).join(
    "",
  )
}
