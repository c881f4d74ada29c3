/**
 * Refresh tokens [A2]: each gets one new access token and its own successor (RFC 9700, section 4.14.2). All of one session are a
 * family. Whoever shows one again within ten seconds is the same client, twice at once or after a lost answer, and is told the
 * same successor; after that somebody has a copy, and nobody can say who, so the family ends. So that a copy is known as long as
 * there is a family, rows stay as long as their session does, and go with it.
 */
import { createHmac, randomBytes } from "node:crypto"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { endSession, findSessionById, type SignedIn } from "~/domain/accounts/sessions.server"
import { leaveSession } from "~/domain/accounts/sign-out.server"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { type Client, db, statement, type Tx, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { failpoint } from "~/platform/failpoint.server"
import { newId } from "~/platform/ids.server"
import { log } from "~/platform/log.server"
import type { RefreshToken } from "~/platform/models.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

/** Milliseconds a refresh token lives, if its session does. */
export const refreshTokenLifetime = 30 * 24 * 60 * 60 * 1000

/** Milliseconds in which a used one is told its successor again. */
export const refreshGrace = 10 * 1000

/** No client in its senses comes near them. They bound the rows, and the work, that one session can make. */
const successors = defineLimit({ name: "refresh", points: () => 30, seconds: 60 })
const repeats = defineLimit({ name: "refresh-repeats", points: () => 300, seconds: 60 })

/** The first token of a session that was just begun. Returns the only copy. */
export async function openFamily(sessionId: string): Promise<string> {
  const token = randomBytes(64).toString("base64url")
  await store(db(), sessionId, token)
  return token
}

export type Refreshed = { signedIn: SignedIn; token: string; organizationId: string | null }

/**
 * Takes a refresh token and gives the next one. Fails with `invalid` for what is none or belongs to a session that is over, with
 * `reused` when it was used before and the family has been ended for it, and with when to come back after too many in a minute.
 */
export async function refreshSession(
  token: string,
  requester: Requester,
): Promise<Result<Refreshed, "invalid" | "reused" | TooMany>> {
  if (!isThere(token)) return err("invalid")
  return transaction(async tx => {
    const row = await findRow(tx, token)
    // The reader sees committed rows only, the row of this transaction whether the session ended a moment ago.
    const signedIn = row && !row.session.endedAt ? findSessionById(row.sessionId) : undefined
    if (!row || !signedIn || (!row.usedAt && row.expiresAt <= now())) return err("invalid")
    // Before any limit: a thief who keeps it spent must not keep the owner from ending the family.
    if (isCopy(row)) {
      await endStolen(tx, signedIn, requester)
      return err("reused")
    }
    const allowed = await (row.usedAt ? repeats : successors).consume(row.sessionId)
    if (!allowed.ok) return allowed
    const successor = await successorOf(tx, row, token)
    failpoint("refresh.before-commit")
    return ok({ signedIn, token: successor, organizationId: row.session.organizationId })
  })
}

/** Whose live session this refresh token, used or not, belongs to. */
export function holderOf(token: string): SignedIn | undefined {
  const row = stored.get(hashToken(token))
  return row && findSessionById(row.sessionId)
}

/** Ends the family of a refresh token: sign-out where the access token is gone already. Returns whether it was one. */
export async function endFamily(
  token: string,
  requester: Requester,
  because = "signed_out",
): Promise<boolean> {
  if (!isThere(token)) return false
  return transaction(async tx => {
    const row = await findRow(tx, token)
    if (!row) return false
    const { userId, id: sessionId } = row.session
    return leaveSession(tx, { userId, sessionId }, requester, because)
  })
}

const stored = statement<[string], { sessionId: string }>(
  "SELECT sessionId FROM RefreshToken WHERE tokenHash = ?",
)

/** Asked before a transaction begins: whoever sends what never was a token keeps nobody else from writing. */
function isThere(token: string): boolean {
  return stored.get(hashToken(token)) !== undefined
}

function findRow(tx: Tx, token: string) {
  return tx.refreshToken.findUnique({ where: { tokenHash: hashToken(token) }, include: { session: true } })
}

/** It was used, and the grace is over. */
function isCopy({ usedAt, successorSalt }: RefreshToken): boolean {
  return usedAt !== null && (successorSalt === null || !isWithinGrace(usedAt))
}

/** What follows this token: made at its first use, told again in the grace after it. Nobody else writes meanwhile. */
async function successorOf(
  tx: Tx,
  { id, sessionId, successorSalt }: RefreshToken,
  token: string,
): Promise<string> {
  if (successorSalt) return derive(token, successorSalt)
  const salt = randomToken()
  await tx.refreshToken.update({ where: { id, usedAt: null }, data: { usedAt: now(), successorSalt: salt } })
  const successor = derive(token, salt)
  await store(tx, sessionId, successor)
  return successor
}

/** On either side: a clock that was put back must not make the grace longer. */
function isWithinGrace(usedAt: Date): boolean {
  return Math.abs(+now() - +usedAt) < refreshGrace
}

/** 64 bytes that nobody can make without the token, the row and APP_SECRET together; so they need not be kept to be told again. */
function derive(token: string, salt: string): string {
  return createHmac("sha512", env().appSecret)
    .update(`refresh successor\0${salt}\0${token}`)
    .digest("base64url")
}

async function store(client: Client, sessionId: string, token: string): Promise<void> {
  await client.refreshToken.create({
    data: {
      id: newId(),
      tokenHash: hashToken(token),
      sessionId,
      createdAt: now(),
      expiresAt: fromNow(refreshTokenLifetime),
    },
  })
}

async function endStolen(tx: Tx, { userId, sessionId }: SignedIn, requester: Requester): Promise<void> {
  await endSession(tx, userId, sessionId, "refresh_token_reused")
  await recordSecurityEvent(tx, { userId, kind: "refresh_token_reused", requester })
  log.warn({ user: userId, session: sessionId }, "a refresh token was used twice: its family is ended")
}
