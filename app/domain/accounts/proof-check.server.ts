import { tellOfChange } from "~/domain/accounts/credential-change.server"
import { spendPasskey, verifyPasskey } from "~/domain/accounts/passkey-check.server"
import { checkPassword } from "~/domain/accounts/password.server"
import { isRecoveryCodeShaped, spendRecoveryCode } from "~/domain/accounts/recovery-codes.server"
import type { Requester } from "~/domain/accounts/requester"
import type { SecondFactor } from "~/domain/accounts/second-factors"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import { checkTotp } from "~/domain/accounts/totp.server"
import { type ProofCodeRefusal, spendProofCode } from "~/domain/links/proof-code.server"
import type { ProofWay } from "~/lib/form-problem"
import { err, ok, type Result } from "~/lib/result"
import type { Tx } from "~/platform/db.server"
import type { TooMany } from "~/platform/rate-limit.server"

/** What somebody shows to prove anew who they are. */
export type ProofGiven = { way: ProofWay; value: string }

/** `none`: this person has no such way; `busy`: too many passwords are being checked. */
export type ProofRefusal = ProofCodeRefusal | "used" | "none" | "busy"

/** What a proof that holds is worth: a second factor, or none. */
type Proven = { secondFactor?: SecondFactor }

/** The second half of a check, inside the transaction that renews the session. */
type Check = (tx: Tx) => Promise<Result<Proven, ProofRefusal | TooMany>>

/** Of a passkey it is enough to know that it did not count; a copy that was noticed is written down and told by its own check. */
async function readPasskey(userId: string, answer: string, requester: Requester): Promise<Check> {
  const verified = await verifyPasskey({ kind: "proof", userId }, answer)
  if (!verified.ok) return async () => err("wrong")
  return async tx => {
    const used = await spendPasskey(tx, verified.value, requester)
    return used.ok ? ok({ secondFactor: "passkey" }) : err("wrong")
  }
}

async function readPassword(userId: string, password: string, requester: Requester): Promise<Check> {
  const checked = await checkPassword(userId, password, requester)
  if (checked.ok) return async () => ok({})
  return async () => checked
}

/** A code of the authenticator app, or one of the recovery codes in its place. */
async function spendSecondFactor(
  tx: Tx,
  user: { id: string; email: string },
  typed: string,
  requester: Requester,
): Promise<Result<Proven, ProofRefusal>> {
  if (!isRecoveryCodeShaped(typed)) {
    const checked = await checkTotp(tx, user.id, typed)
    return checked.ok ? ok({ secondFactor: "totp" }) : checked
  }
  const spent = await spendRecoveryCode(tx, user.id, typed)
  if (!spent.ok) return spent
  const detail = `${spent.value.left} left`
  await tellOfChange(tx, { user, what: "recovery_code_used", requester, detail })
  return ok({ secondFactor: "recovery_code" })
}

/** Checks a proof by its way. What takes long is done at once, what spends something when the answer is called. */
export async function readProof(
  { userId, sessionId, email }: SignedIn,
  { way, value }: ProofGiven,
  requester: Requester,
): Promise<Check> {
  switch (way) {
    case "code":
      return async tx => {
        const spent = await spendProofCode(tx, { userId, sessionId }, value)
        return spent.ok ? ok({}) : spent
      }
    case "totp":
      return tx => spendSecondFactor(tx, { id: userId, email }, value, requester)
    case "passkey":
      return readPasskey(userId, value, requester)
    case "password":
      return readPassword(userId, value, requester)
  }
}
