import { generateSecret, generateSync } from "otplib"
import { makeRecoveryCodes } from "~/domain/accounts/recovery-codes.server"
import { totpPurpose } from "~/domain/accounts/totp.server"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { seal } from "~/platform/sealed.server"

/** The authenticator app of someone, on a phone whose clock may be off by some steps of 30 seconds. */
export type AuthenticatorApp = { secret: string; code: (stepsOff?: number) => string }

/** An app that has read this secret. */
export function authenticatorApp(secret: string): AuthenticatorApp {
  const epoch = (stepsOff: number) => Math.floor(+now() / 1000) + 30 * stepsOff
  return { secret, code: (stepsOff = 0) => generateSync({ secret, epoch: epoch(stepsOff) }) }
}

/** Gives someone two-factor sign-in, as if they had set it up before. */
export async function withTwoFactor(userId: string): Promise<AuthenticatorApp & { recoveryCodes: string[] }> {
  const secret = generateSecret()
  const at = now()
  await db().totp.create({
    data: { userId, secret: seal(totpPurpose, secret), createdAt: at, confirmedAt: at },
  })
  const recoveryCodes = await transaction(tx => makeRecoveryCodes(tx, userId))
  return { ...authenticatorApp(secret), recoveryCodes }
}

/** A code of the right shape that is not one of this app's around now. */
export function wrongCode(app: AuthenticatorApp): string {
  const right = [-2, -1, 0, 1, 2].map(app.code)
  return (
    ["000000", "111111", "222222", "333333", "444444", "555555"].find(code => !right.includes(code)) ?? ""
  )
}
