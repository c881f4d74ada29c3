import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"

const userAgents = joiningStatement<[string], { userAgent: string }>(
  "SELECT DISTINCT userAgent FROM Session WHERE userId = ?",
)

/** The User-Agents this person has ever had a session with, as far as sessions are kept. */
export async function userAgentsOf(tx: Tx, userId: string): Promise<string[]> {
  return (await userAgents.all(tx, userId)).map(row => row.userAgent)
}

/** A person's live sessions, the latest used first. Those of programs have refresh tokens. */
export function listSessions(userId: string) {
  return db().session.findMany({
    where: {
      userId,
      endedAt: null,
      expiresAt: { gt: now() },
      lastSeenAt: { gt: fromNow(-env().session.idle) },
    },
    orderBy: { lastSeenAt: "desc" },
    select: {
      id: true,
      userAgent: true,
      clientAddress: true,
      createdAt: true,
      lastSeenAt: true,
      refreshTokens: { select: { id: true }, take: 1 },
    },
  })
}
