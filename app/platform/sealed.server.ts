/**
 * Secrets that must be read again, such as the key of an authenticator app, are kept sealed: AES-256-GCM (NIST SP 800-38D) with
 * a random nonce, under a key from ENCRYPTION_KEYS. A sealed text names its key, so that keys can be changed one after the
 * other: the first of the list seals, every one of it opens.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto"
import { env } from "~/platform/env.server"

const algorithm = "aes-256-gcm"
/** 96 bits, as GCM wants it. */
const nonceBytes = 12
const tagBytes = 16

type Key = { id: string; bytes: Buffer }

/** Seals a text for one purpose: elsewhere, or for another purpose, it does not open. */
export function seal(purpose: string, text: string): string {
  const key = currentKey()
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key.bytes, nonce).setAAD(Buffer.from(purpose))
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return `${key.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`
}

/** Opens what `seal` closed for the same purpose. Undefined when its key is not among the settings, or it was tampered with. */
export function unseal(purpose: string, sealed: string): string | undefined {
  const [id, packed = ""] = sealed.split(".")
  const key = keys().find(one => one.id === id)
  const bytes = Buffer.from(packed, "base64url")
  if (!key || bytes.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv(algorithm, key.bytes, bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  try {
    const body = bytes.subarray(nonceBytes + tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8")
  } catch {
    return undefined
  }
}

/** Whether a sealed text waits to be sealed anew, because its key is no longer the first of the list. */
export function sealedWithOldKey(sealed: string): boolean {
  return !sealed.startsWith(`${currentKey().id}.`)
}

/** Without ENCRYPTION_KEYS, a key derived from APP_SECRET (RFC 5869). It stays valid as the last one when keys are given. */
function keys(): Key[] {
  const derived = Buffer.from(hkdfSync("sha256", env().appSecret, "", "gatehouse sealed values", 32))
  return [...env().encryptionKeys, derived].map(bytes => ({ id: idOf(bytes), bytes }))
}

function currentKey(): Key {
  const [first] = keys()
  if (!first) throw new Error("there is always a key derived from APP_SECRET")
  return first
}

function idOf(key: Buffer): string {
  return createHash("sha256").update("gatehouse key id").update(key).digest("base64url").slice(0, 8)
}
