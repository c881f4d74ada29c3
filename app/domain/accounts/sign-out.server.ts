import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { endSession, endSessionsOf } from "~/domain/accounts/sessions.server"
import { hashToken } from "~/platform/crypto.server"
import { type Tx, transaction } from "~/platform/db.server"

type OwnSession = { userId: string; sessionId: string }

/** Ends the session of this id: its next request is a guest's. */
export async function signOut(sessionToken: string, requester: Requester): Promise<void> {
  await transaction(async tx => {
    const session = await tx.session.findUnique({ where: { tokenHash: hashToken(sessionToken) } })
    if (session) await leaveSession(tx, { userId: session.userId, sessionId: session.id }, requester)
  })
}

/** Ends the session in which somebody calls without its id: by an access token. */
export async function signOutCaller(caller: OwnSession, requester: Requester): Promise<void> {
  await transaction(tx => leaveSession(tx, caller, requester))
}

/** Ends a session whose holder leaves it, and writes so in the caller's transaction. False when it was over already. */
export async function leaveSession(
  tx: Tx,
  { userId, sessionId }: OwnSession,
  requester: Requester,
  because = "signed_out",
): Promise<boolean> {
  const ended = await endSession(tx, userId, sessionId, because)
  if (ended > 0) await recordSecurityEvent(tx, { userId, kind: "sign_out", requester })
  return ended > 0
}

/** Ends every session of a person, on every device, but for one if given. Returns how many. */
export async function signOutEverywhere(
  userId: string,
  requester: Requester,
  exceptId?: string,
): Promise<number> {
  return transaction(async tx => {
    const ended = await endSessionsOf(tx, userId, exceptId)
    await recordSecurityEvent(tx, { userId, kind: "sessions_ended", detail: String(ended), requester })
    return ended
  })
}

/** Ends one of a person's own sessions. False when it is not theirs, or over already. */
export async function signOutDevice(
  userId: string,
  sessionId: string,
  requester: Requester,
): Promise<boolean> {
  return transaction(async tx => {
    const ended = await endSession(tx, userId, sessionId)
    if (ended > 0) await recordSecurityEvent(tx, { userId, kind: "sessions_ended", detail: "1", requester })
    return ended > 0
  })
}
