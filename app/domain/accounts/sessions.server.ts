/**
 * Sessions live on the server; the browser holds a random id, the database its hash [S1]. Two ends, both enforced here: idle
 * (since last seen) and absolute (since sign-in). The lookup runs on every request, so it is one prepared statement on the
 * read-only handle; "last seen" is written at most once every five minutes, after the answer.
 */
import { noteSeen } from "~/domain/accounts/last-seen.server"
import type { Requester } from "~/domain/accounts/requester"
import type { SecondFactor } from "~/domain/accounts/second-factors"
import type { SignInMethod } from "~/domain/accounts/sign-in-methods"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { type Client, db, statement, type Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"

export type SignedIn = {
  sessionId: string
  /** Changes with the session's id [S2]. It tells nothing of the id, and is no secret. */
  generation: string
  userId: string
  email: string
  name: string
  isOperator: boolean
  provenAt: Date
  /** How they signed in: one of `signInMethods`, or of a later version's. */
  method: string
  /** They came in, or have proven themselves since, with a second factor. */
  twoFactors: boolean
}

type Row = {
  id: string
  tokenHash: string
  userId: string
  lastSeenAt: number
  provenAt: number
  method: string
  secondFactor: string | null
  email: string
  name: string
  isOperator: number
}

const liveSession = (column: "tokenHash" | "id") =>
  statement<[string, number, number], Row>(
    `SELECT s.id, s.tokenHash, s.userId, s.lastSeenAt, s.provenAt, s.method, s.secondFactor, u.email, u.name, u.isOperator
     FROM Session s JOIN User u ON u.id = s.userId
     WHERE s.${column} = ? AND s.endedAt IS NULL AND s.expiresAt > ? AND s.lastSeenAt > ? AND u.disabledAt IS NULL`,
  )
const byToken = liveSession("tokenHash")
const byId = liveSession("id")

/** The person behind a session id, if it is live and they are not disabled. Never writes. */
export function findSession(token: string): SignedIn | undefined {
  const at = +now()
  return signedIn(byToken.get(hashToken(token), at, at - env().session.idle), at)
}

/** The same by the row of the session, as an access token names it. */
export function findSessionById(id: string): SignedIn | undefined {
  const at = +now()
  return signedIn(byId.get(id, at, at - env().session.idle), at)
}

function signedIn(row: Row | undefined, at: number): SignedIn | undefined {
  if (!row) return undefined
  noteSeen(row, at)
  return {
    sessionId: row.id,
    generation: row.tokenHash.slice(0, 16),
    userId: row.userId,
    email: row.email,
    name: row.name,
    isOperator: row.isOperator === 1,
    provenAt: new Date(row.provenAt),
    method: row.method,
    twoFactors: row.secondFactor !== null,
  }
}

const insert = joiningStatement<
  [string, string, string, string, string | null, number, number, number, number, string, string]
>(`
  INSERT INTO Session
    (id, tokenHash, userId, method, secondFactor, createdAt, lastSeenAt, provenAt, expiresAt, userAgent, clientAddress)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)

/** Makes a session and returns the only copy of its id. Called by `completeSignIn` alone. */
export async function createSession(
  tx: Tx,
  userId: string,
  { method, secondFactor }: { method: SignInMethod; secondFactor?: SecondFactor },
  requester: Requester,
): Promise<{ id: string; token: string }> {
  const token = randomToken()
  const id = newId()
  const at = +now()
  const end = +fromNow(env().session.absolute)
  const { clientAddress } = requester
  const userAgent = requester.userAgent.slice(0, 400)
  const proof = [method, secondFactor ?? null] as const
  await insert.run(tx, id, hashToken(token), userId, ...proof, at, at, at, end, userAgent, clientAddress)
  return { id, token }
}

/**
 * Gives a live session of this person a new id, because they have just proven anew who they are [S2]: the old id is dead at
 * once. Returns the only copy of the new one, or undefined when the session is over.
 */
export async function renewSession(
  tx: Tx,
  { userId, sessionId }: { userId: string; sessionId: string },
  secondFactor?: SecondFactor,
): Promise<string | undefined> {
  const token = randomToken()
  const renewed = await tx.session.updateMany({
    where: { id: sessionId, userId, endedAt: null },
    data: { tokenHash: hashToken(token), provenAt: now(), ...(secondFactor && { secondFactor }) },
  })
  return renewed.count === 1 ? token : undefined
}

/** Makes a person's sessions owe a second factor again, because the app they were proven by is gone. */
export async function forgetSecondFactors(tx: Tx, userId: string): Promise<void> {
  await tx.session.updateMany({
    where: { userId, endedAt: null, secondFactor: { in: ["totp", "recovery_code"] } },
    data: { secondFactor: null },
  })
}

/** Ends the session with this id, whoever's it is: sign-out, and the old id at sign-in [S2]. Returns how many ended (0 or 1). */
export async function endSessionByToken(client: Client, token: string, because: string): Promise<number> {
  return end(client, { tokenHash: hashToken(token) }, because)
}

/** Ends one of a person's own sessions. Returns 0 if it is not theirs or already over. */
export async function endSession(
  client: Client,
  userId: string,
  sessionId: string,
  because = "ended_by_user",
): Promise<number> {
  return end(client, { id: sessionId, userId }, because)
}

/** Remembers the organisation that a session's access tokens speak of. */
export async function chooseOrganization(sessionId: string, organizationId: string): Promise<void> {
  await db().session.updateMany({ where: { id: sessionId, endedAt: null }, data: { organizationId } })
}

/** Ends all of a person's sessions, but for one if given. Returns how many. */
export async function endSessionsOf(
  client: Client,
  userId: string,
  exceptId?: string,
  because = "ended_by_user",
): Promise<number> {
  return end(client, { userId, ...(exceptId && { id: { not: exceptId } }) }, because)
}

/** Deletes sessions that ended or ran out longer ago than KEEP_LINKS. Returns how many. */
export async function purgeSessions(): Promise<number> {
  const before = fromNow(-env().keep.links)
  const purged = await db().session.deleteMany({
    where: {
      OR: [
        { endedAt: { lt: before } },
        { expiresAt: { lt: before } },
        { lastSeenAt: { lt: new Date(before.getTime() - env().session.idle) } },
      ],
    },
  })
  return purged.count
}

async function end(
  client: Client,
  where: { tokenHash?: string; id?: string | { not: string }; userId?: string },
  because: string,
): Promise<number> {
  const ended = await client.session.updateMany({
    where: { ...where, endedAt: null },
    data: { endedAt: now(), endedBecause: because },
  })
  return ended.count
}
