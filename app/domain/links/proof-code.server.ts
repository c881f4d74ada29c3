/**
 * A short code by which a signed-in person proves anew who they are. It belongs to one session and lives for minutes; the row is
 * made when it is asked for, the code itself while its mail is sent, and the database keeps an HMAC of it only [L9].
 */
import { isCodeShaped, normalizeCode } from "~/domain/links/code-alphabet"
import { randomCode } from "~/domain/links/issue.server"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { keyedHash, sameHash } from "~/platform/crypto.server"
import { type Client, db, type Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"

/** Milliseconds a mailed proof code may take. */
export const proofCodeLifetime = 10 * 60 * 1000

/** Five tries at a billion codes, for someone who holds the session already. */
const proofCodeTries = 5

export type ProofCodeRefusal = "wrong" | "void" | "expired"

type Owner = { userId: string; sessionId: string }

/** Makes room for a code of this session. Nobody can guess it before it is made. */
export async function openProofCode(tx: Tx, owner: Owner): Promise<{ id: string; expiresAt: Date }> {
  const expiresAt = fromNow(proofCodeLifetime)
  const id = newId()
  await tx.proofCode.create({ data: { ...owner, id, codeHash: "", createdAt: now(), expiresAt } })
  return { id, expiresAt }
}

/** Makes the code for the mail that is being sent; a mail sent again has a new one. Returns the only copy, undefined once it is over. */
export async function issueProofCode(client: Client, id: string): Promise<string | undefined> {
  const code = randomCode()
  const made = await client.proofCode.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: now() } },
    data: { codeHash: hashOf(id, code) },
  })
  return made.count === 1 ? code : undefined
}

/** When this session last asked for a code that can still be used. */
export async function lastProofCode(client: Client, owner: Owner): Promise<Date | undefined> {
  const latest = await client.proofCode.findFirst({
    where: { ...owner, ...open(), wrongCodes: { lt: proofCodeTries } },
    orderBy: { createdAt: "desc" },
  })
  return latest?.createdAt
}

/**
 * Spends the code of this session, once. A wrong try counts against every code that is open, and at the fifth they are void; the
 * caller commits that.
 */
export async function spendProofCode(
  tx: Tx,
  owner: Owner,
  typed: string,
): Promise<Result<void, ProofCodeRefusal>> {
  const codes = await tx.proofCode.findMany({ where: { ...owner, ...open(), codeHash: { not: "" } } })
  if (codes.length === 0) return err("expired")
  const guessable = codes.filter(row => row.wrongCodes < proofCodeTries)
  if (guessable.length === 0) return err("void")
  if (!isCodeShaped(typed)) return err("wrong")
  const code = normalizeCode(typed)
  const right = guessable.find(row => sameHash(row.codeHash, hashOf(row.id, code)))
  const where = { ...owner, ...open() }
  if (right) {
    await tx.proofCode.updateMany({ where, data: { usedAt: now() } })
    return ok()
  }
  await tx.proofCode.updateMany({ where, data: { wrongCodes: { increment: 1 } } })
  return err(guessable.some(row => row.wrongCodes + 1 < proofCodeTries) ? "wrong" : "void")
}

/** Deletes codes that are over. Returns how many. */
export async function purgeProofCodes(): Promise<number> {
  return (await db().proofCode.deleteMany({ where: { expiresAt: { lt: now() } } })).count
}

const open = () => ({ usedAt: null, expiresAt: { gt: now() } })

const hashOf = (id: string, code: string) => keyedHash("proof-code", `${id}\0${code}`)
