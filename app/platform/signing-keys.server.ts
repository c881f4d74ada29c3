/**
 * The keys that sign access tokens. They live in the database, the private part sealed, and follow one another: the next one is
 * published before it signs, so that whoever keeps our key set for a while knows it by then, and the last one stays published
 * until no token of its can be valid any more. A token whose key is gone is worth nothing.
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, statement, transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { seal, unseal } from "~/platform/sealed.server"

/** ECDSA on P-256 (RFC 7518, section 3.4): what every library for tokens can check. */
export const signingAlgorithm = "ES256"

export const signingKeyPurpose = "signing key"

/** Milliseconds a key is published before it signs: more than anybody keeps our key set. */
export const publishedAhead = 24 * 60 * 60 * 1000

/** Milliseconds others may keep our key set. */
export const keySetLifetime = 5 * 60 * 1000

/** Milliseconds for which what a key has signed counts: access tokens live for an hour [A1]. */
export const signatureLifetime = 60 * 60 * 1000

/** Milliseconds a key signs before the next one does. */
export const signingPeriod = 30 * 24 * 60 * 60 * 1000

type Row = { id: string; publicKey: string; privateKey: string; signsFrom: number }

const published = statement<[], Row>(
  "SELECT id, publicKey, privateKey, signsFrom FROM SigningKey ORDER BY signsFrom DESC, id",
)
const publishedKey = statement<[string], { publicKey: string }>(
  "SELECT publicKey FROM SigningKey WHERE id = ?",
)

/** Every key that counts, as a JSON Web Key Set (RFC 7517). Public parts only. */
export function publicKeySet(): { keys: JWK[] } {
  return { keys: published.all().map(publicJwk) }
}

/** Whether a key of this id counts at this moment. */
export function isPublished(id: string): boolean {
  return publishedKey.get(id) !== undefined
}

/** The public key of this id. Undefined when none that counts has it. */
export async function verifyingKey(id: string): Promise<Key | undefined> {
  const row = publishedKey.get(id)
  return row && importJWK(publicJwk({ id, ...row }), signingAlgorithm)
}

/** The key that signs at this moment; one is made when there is none, or none opens with the settings' keys. */
export async function signingKey(): Promise<Signing> {
  const row = signingRow()
  const found = row && (await open(row))
  if (found) return found
  if (row) log.error({ key: row.id }, "the signing key does not open with ENCRYPTION_KEYS: another one signs")
  const made = await newKey(now())
  const isFirst = await transaction(async tx => {
    const newest = await tx.signingKey.findFirst({
      where: { signsFrom: { lte: now() } },
      orderBy: [{ signsFrom: "desc" }, { id: "asc" }],
    })
    if (newest && newest.id !== row?.id) return false
    await tx.signingKey.create({ data: made })
    return true
  })
  if (isFirst) log.info({ key: made.id }, "signing key made")
  return signingKey()
}

/**
 * Keeps the keys in order: publishes the next one in time, and takes away those by which no valid token can be signed any more.
 * Runs on a schedule; twice is as good as once.
 */
export async function tendSigningKeys(): Promise<void> {
  const { id } = await signingKey()
  const signing = published.all().find(row => row.id === id)
  if (signing && signing.signsFrom + signingPeriod - publishedAhead <= +now())
    await publishNextKey(publishedAhead)
  const rows = published.all()
  // A key is replaced when the next one signs, and over when the last token it signed is.
  const over = rows.filter(
    (row, i) => row.signsFrom <= +now() && (rows[i - 1]?.signsFrom ?? Infinity) + signatureLifetime <= +now(),
  )
  if (over.length > 0) await db().signingKey.deleteMany({ where: { id: { in: over.map(row => row.id) } } })
}

/**
 * Publishes the key that signs after so many milliseconds. One that waits already, and signs no later, is kept instead; those
 * that were to sign later, perhaps by a clock that went wrong, have signed nothing and go.
 */
export async function publishNextKey(ahead: number): Promise<NextKey> {
  const made = await newKey(fromNow(ahead))
  const next = await transaction(async tx => {
    const waiting = await tx.signingKey.findMany({ where: { signsFrom: { gt: now() } } })
    const kept = waiting.find(row => row.signsFrom <= made.signsFrom && opens(row))
    if (kept) return kept
    await tx.signingKey.deleteMany({ where: { id: { in: waiting.map(row => row.id) } } })
    await tx.signingKey.create({ data: made })
    const detail = { signsFrom: made.signsFrom.toISOString() }
    await writeAudit(tx, { act: "keys.published", target: made.id, detail })
    return made
  })
  if (next === made) log.info({ key: made.id, signsFrom: made.signsFrom }, "signing key published")
  return { id: next.id, signsFrom: next.signsFrom }
}

/** Puts a new key in the place of all: what they signed is worth nothing from now on. For when one may be in wrong hands. */
export async function replaceSigningKeys(): Promise<NextKey> {
  const made = await newKey(now())
  await transaction(async tx => {
    const { count: withdrawn } = await tx.signingKey.deleteMany()
    await tx.signingKey.create({ data: made })
    await writeAudit(tx, { act: "keys.replaced", target: made.id, detail: { withdrawn } })
  })
  log.info({ key: made.id }, "signing keys replaced")
  return { id: made.id, signsFrom: made.signsFrom }
}

export type NextKey = { id: string; signsFrom: Date }

type Key = Awaited<ReturnType<typeof importJWK>>
type Signing = { id: string; key: Key }

let opened: { id: string; sealed: string; key: Key } | undefined

async function open({ id, privateKey }: Row): Promise<Signing | undefined> {
  if (opened?.id === id && opened.sealed === privateKey) return opened
  const plain = unseal(signingKeyPurpose, privateKey)
  if (plain === undefined) return undefined
  const key = await importJWK(parse(plain), signingAlgorithm)
  opened = { id, sealed: privateKey, key }
  return opened
}

function opens({ privateKey }: { privateKey: string }): boolean {
  return unseal(signingKeyPurpose, privateKey) !== undefined
}

function signingRow(): Row | undefined {
  const at = +now()
  return published.all().find(row => row.signsFrom <= at)
}

function publicJwk({ id, publicKey }: Pick<Row, "id" | "publicKey">): JWK {
  return { ...parse(publicKey), kid: id, use: "sig", alg: signingAlgorithm }
}

function parse(text: string): JWK {
  return JSON.parse(text)
}

async function newKey(signsFrom: Date) {
  const pair = await generateKeyPair(signingAlgorithm, { extractable: true })
  const publicKey = await exportJWK(pair.publicKey)
  const privateKey = seal(signingKeyPurpose, JSON.stringify(await exportJWK(pair.privateKey)))
  const id = await calculateJwkThumbprint(publicKey)
  return { id, publicKey: JSON.stringify(publicKey), privateKey, createdAt: now(), signsFrom }
}
