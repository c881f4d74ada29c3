/**
 * A sign-in whose second factor is still owed [S8]. The browser holds a random value, the row its hash; it lives for minutes and
 * ends with the sign-in, after five wrong codes, or when the person's credentials change.
 */
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { type Client, db, type Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { SignInChallenge } from "~/platform/models.server"

/** Milliseconds a second factor may take. */
export const challengeLifetime = 5 * 60 * 1000

/** Opens a challenge for someone who has shown the first factor. Returns the only copy of its value. */
export async function openChallenge(
  tx: Tx,
  { userId, way, askedElsewhere }: { userId: string; way: string; askedElsewhere?: string },
): Promise<string> {
  const token = randomToken()
  const expiresAt = fromNow(challengeLifetime)
  await tx.signInChallenge.create({
    data: {
      id: newId(),
      tokenHash: hashToken(token),
      userId,
      way,
      askedElsewhere,
      createdAt: now(),
      expiresAt,
    },
  })
  return token
}

/** The open challenge of this value, if it is one. Writes nothing. */
export function readChallenge(client: Client, token: string): Promise<SignInChallenge | null> {
  return client.signInChallenge.findFirst({
    where: { tokenHash: hashToken(token), endedAt: null, expiresAt: { gt: now() } },
  })
}

/** Deletes challenges that ran out a day ago or longer. Returns how many. */
export async function purgeChallenges(): Promise<number> {
  const day = 24 * 60 * 60 * 1000
  return (await db().signInChallenge.deleteMany({ where: { expiresAt: { lt: fromNow(-day) } } })).count
}

/** Ends every waiting sign-in of a person. Returns how many. */
export async function endChallengesOf(tx: Tx, userId: string): Promise<number> {
  const ended = await tx.signInChallenge.updateMany({
    where: { userId, endedAt: null },
    data: { endedAt: now() },
  })
  return ended.count
}
