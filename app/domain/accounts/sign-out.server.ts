import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { endSession, endSessionByToken, endSessionsOf } from "~/domain/accounts/sessions.server"
import { hashToken } from "~/platform/crypto.server"
import { transaction } from "~/platform/db.server"

/** Ends the session of this id: its next request is a guest's. */
export async function signOut(sessionToken: string, requester: Requester): Promise<void> {
  await transaction(async tx => {
    const session = await tx.session.findUnique({ where: { tokenHash: hashToken(sessionToken) } })
    const ended = await endSessionByToken(tx, sessionToken, "signed_out")
    if (session && ended > 0)
      await recordSecurityEvent(tx, { userId: session.userId, kind: "sign_out", requester })
  })
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
