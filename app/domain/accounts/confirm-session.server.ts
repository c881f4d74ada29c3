import { spendPasskey, verifyPasskey } from "~/domain/accounts/passkey-check.server"
import type { PasskeyRefusal } from "~/domain/accounts/passkey-words"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { renewSession, type SignedIn } from "~/domain/accounts/sessions.server"
import { err, ok, type Result } from "~/lib/result"
import { transaction } from "~/platform/db.server"

/**
 * Makes a session that came in by one factor one of two, by a passkey of its person [S9, S11]: an organisation that asks for a second
 * factor then lets it in. Returns the session's new id [S2]. Fails with why the answer does not count.
 */
export async function confirmSession(
  { userId, sessionId }: Pick<SignedIn, "userId" | "sessionId">,
  answer: string,
  requester: Requester,
): Promise<Result<string, PasskeyRefusal>> {
  const verified = await verifyPasskey({ kind: "second_factor", userId }, answer)
  if (!verified.ok) return verified
  return transaction(async tx => {
    const used = await spendPasskey(tx, verified.value, requester)
    if (!used.ok) return used
    const token = await renewSession(tx, { userId, sessionId }, "passkey")
    if (!token) return err("expired")
    await recordSecurityEvent(tx, { userId, kind: "proof_given", detail: "passkey", requester })
    return ok(token)
  })
}
