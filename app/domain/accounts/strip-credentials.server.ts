import type { Tx } from "~/platform/db.server"

/** Takes away every way in to this account but its mailbox: password, second factor, passkeys, providers, waiting sign-ins. */
export async function stripCredentials(tx: Tx, userId: string): Promise<void> {
  await tx.password.deleteMany({ where: { userId } })
  await tx.totp.deleteMany({ where: { userId } })
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.passkey.deleteMany({ where: { userId } })
  await tx.identity.deleteMany({ where: { userId } })
  await tx.signInChallenge.deleteMany({ where: { userId } })
  await tx.proofCode.deleteMany({ where: { userId } })
}
