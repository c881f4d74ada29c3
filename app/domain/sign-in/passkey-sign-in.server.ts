import { spendPasskey, verifyPasskey } from "~/domain/accounts/passkey-check.server"
import type { PasskeyRefusal } from "~/domain/accounts/passkey-words"
import type { Requester } from "~/domain/accounts/requester"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import type { Result } from "~/lib/result"
import { transaction } from "~/platform/db.server"

/**
 * Signs in whoever the passkey belongs to, without an address [S12]: the person was verified by what holds the key, so it counts
 * as both factors [S9]. Fails with why the answer does not count, or with `disabled`.
 */
export async function signInWithPasskey(
  answer: unknown,
  attempt: { requester: Requester; previousSessionToken?: string },
): Promise<Result<Entry, PasskeyRefusal | "disabled">> {
  const verified = await verifyPasskey({ kind: "sign_in" }, answer)
  if (!verified.ok) return verified
  return transaction(async tx => {
    const used = await spendPasskey(tx, verified.value, attempt.requester)
    if (!used.ok) return used
    const user = await tx.user.findUniqueOrThrow({ where: { id: used.value.userId } })
    const { requester, previousSessionToken } = attempt
    return completeSignIn(tx, {
      user,
      way: "passkey",
      secondFactor: "passkey",
      requester,
      previousSessionToken,
    })
  })
}
