/**
 * Seals what is kept sealed for long anew once ENCRYPTION_KEYS has another first key, so that the old one can be taken out of the
 * settings after the next start. In batches, each row by one conditional write: whoever writes a new one meanwhile keeps theirs.
 */
import { totpPurpose } from "~/domain/accounts/totp.server"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { seal, sealedWithOldKey, unseal } from "~/platform/sealed.server"
import { signingKeyPurpose } from "~/platform/signing-keys.server"

const atOnce = 200
const alert = "secrets-do-not-open"

type Row = { id: string; sealed: string }

type SealedTable = {
  purpose: string
  /** The next ones after this id, by id. */
  rows: (after: string) => Promise<Row[]>
  /** Writes only over what was read. */
  write: (tx: Tx, row: Row, sealed: string) => Promise<{ count: number }>
  /** People cannot sign in with what does not open; keys of our own that do not open are replaced without being told. */
  tellsOperators: boolean
}

const tables: SealedTable[] = [
  {
    purpose: totpPurpose,
    rows: async after => {
      const where = { userId: { gt: after } }
      const rows = await db().totp.findMany({ where, orderBy: { userId: "asc" }, take: atOnce })
      return rows.map(({ userId, secret }) => ({ id: userId, sealed: secret }))
    },
    write: (tx, { id: userId, sealed }, secret) =>
      tx.totp.updateMany({ where: { userId, secret: sealed }, data: { secret } }),
    tellsOperators: true,
  },
  {
    purpose: signingKeyPurpose,
    rows: async after => {
      const where = { id: { gt: after } }
      const rows = await db().signingKey.findMany({ where, orderBy: { id: "asc" }, take: atOnce })
      return rows.map(({ id, privateKey }) => ({ id, sealed: privateKey }))
    },
    write: (tx, { id, sealed }, privateKey) =>
      tx.signingKey.updateMany({ where: { id, privateKey: sealed }, data: { privateKey } }),
    tellsOperators: false,
  },
]

/** Returns how many were sealed anew, and of how many that open with no key of the settings the operators are told. */
export async function resealSecrets(): Promise<{ resealed: number; lost: number }> {
  let [resealed, lost] = [0, 0]
  for (const table of tables) {
    const done = await resealTable(table)
    resealed += done.resealed
    if (table.tellsOperators) lost += done.lost
  }
  if (resealed > 0) log.info({ resealed }, "secrets sealed with the first of ENCRYPTION_KEYS")
  if (lost > 0) await raiseAlert(alert, wordsFor(lost))
  else await clearAlert(alert)
  return { resealed, lost }
}

async function resealTable(table: SealedTable): Promise<{ resealed: number; lost: number }> {
  let [resealed, lost] = [0, 0]
  for (let after = ""; ; ) {
    const rows = await table.rows(after)
    const old = rows.filter(row => sealedWithOldKey(row.sealed))
    const opened = old.map(row => ({ ...row, plain: unseal(table.purpose, row.sealed) }))
    lost += opened.filter(row => row.plain === undefined).length
    resealed += await write(table, opened)
    const last = rows.at(-1)
    if (!last || rows.length < atOnce) return { resealed, lost }
    after = last.id
  }
}

function write(table: SealedTable, rows: (Row & { plain: string | undefined })[]): Promise<number> {
  return transaction(async tx => {
    let written = 0
    for (const { plain, ...row } of rows) {
      if (plain === undefined) continue
      written += (await table.write(tx, row, seal(table.purpose, plain))).count
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
