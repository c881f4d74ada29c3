import { recoveryCodesLeft } from "~/domain/accounts/recovery-codes.server"
import { type SecondFactor, secondFactors } from "~/domain/accounts/second-factors"
import { hasTwoFactor } from "~/domain/accounts/two-factor.server"
import { waysIn } from "~/domain/accounts/ways-in.server"
import { db } from "~/platform/db.server"

/** The second factors this person can show, at a sign-in that waits for one or to an organisation that asks for one. */
export async function waysToAnswer(userId: string): Promise<SecondFactor[]> {
  const { passkeys } = await waysIn(db(), userId)
  const totp = await hasTwoFactor(db(), userId)
  const codes = totp && (await recoveryCodesLeft(db(), userId)) > 0
  const has = { totp, recovery_code: codes, passkey: passkeys.length > 0 }
  return secondFactors.filter(way => has[way])
}
