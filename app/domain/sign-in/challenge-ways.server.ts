import type { SecondFactor } from "~/domain/accounts/second-factors"
import { waysIn } from "~/domain/accounts/ways-in.server"
import { db } from "~/platform/db.server"

/** The ways in which this person can show the second factor that a waiting sign-in owes. */
export async function waysToAnswer(userId: string): Promise<SecondFactor[]> {
  const { passkeys } = await waysIn(db(), userId)
  return passkeys.length > 0 ? ["totp", "recovery_code", "passkey"] : ["totp", "recovery_code"]
}
