/**
 * Seals the secrets of authenticator apps anew once ENCRYPTION_KEYS has another first key, so that the old one can be taken out of
 * the settings after the next start. In batches, each row by one conditional write: whoever sets up anew meanwhile keeps theirs.
 */
import { totpPurpose } from "~/domain/accounts/totp.server"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { db, transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { seal, sealedWithOldKey, unseal } from "~/platform/sealed.server"

const atOnce = 200
const alert = "secrets-do-not-open"

/** Returns how many were sealed anew, and how many open with no key of the settings: the operators are told of these. */
export async function resealSecrets(): Promise<{ resealed: number; lost: number }> {
  let [resealed, lost] = [0, 0]
  for (let after = ""; ; ) {
    const rows = await db().totp.findMany({
      where: { userId: { gt: after } },
      orderBy: { userId: "asc" },
      take: atOnce,
      select: { userId: true, secret: true },
    })
    const old = rows.filter(row => sealedWithOldKey(row.secret))
    const opened = old.map(row => ({ ...row, plain: unseal(totpPurpose, row.secret) }))
    lost += opened.filter(row => row.plain === undefined).length
    resealed += await write(opened)
    const last = rows.at(-1)
    if (!last || rows.length < atOnce) break
    after = last.userId
  }
  if (resealed > 0) log.info({ resealed }, "authenticator secrets sealed with the first of ENCRYPTION_KEYS")
  if (lost > 0) await raiseAlert(alert, wordsFor(lost))
  else await clearAlert(alert)
  return { resealed, lost }
}

type Opened = { userId: string; secret: string; plain: string | undefined }

function write(rows: Opened[]): Promise<number> {
  return transaction(async tx => {
    let written = 0
    for (const { userId, secret, plain } of rows) {
      if (plain === undefined) continue
      const data = { secret: seal(totpPurpose, plain) }
      written += (await tx.totp.updateMany({ where: { userId, secret }, data })).count
    }
    return written
  })
}

function wordsFor(lost: number) {
  return {
    title: "Authenticator apps that cannot be read",
    words: `The secrets of ${lost === 1 ? "one authenticator app" : `${lost} authenticator apps`} open with none of ENCRYPTION_KEYS: put the key back that was taken out. Until then their owners come in with a recovery code.`,
  }
}
