/**
 * The challenges of WebAuthn [S12] (https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges): 16 random bytes, the time,
 * and a seal under APP_SECRET over both, the ceremony and the person. Asking for one writes nothing, so that a stranger cannot
 * fill a table by opening pages, and two tabs have one each. Spending one writes its hash, in the transaction of what it proves:
 * the second to spend it finds the hash there.
 */
import { randomBytes } from "node:crypto"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, keyedHash, sameHash } from "~/platform/crypto.server"
import { db, type Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { newId } from "~/platform/ids.server"

/** What a challenge is for, and for whom: at sign-in nobody knows yet. One for another ceremony or person is worthless. */
export type Ceremony = { kind: "sign_in" } | { kind: "register" | "second_factor" | "proof"; userId: string }

export type ChallengeRefusal = "unknown" | "expired"

/** Milliseconds a ceremony may take. */
export const ceremonyLifetime = 5 * 60 * 1000

const nonceBytes = 16
/** Unix milliseconds, in 48 bits. */
const timeBytes = 6
const bodyBytes = nonceBytes + timeBytes

/** A fresh challenge. */
export function newPasskeyChallenge(ceremony: Ceremony): Uint8Array<ArrayBuffer> {
  const body = Buffer.alloc(bodyBytes)
  randomBytes(nonceBytes).copy(body)
  body.writeUIntBE(now().getTime(), nonceBytes, timeBytes)
  return new Uint8Array(Buffer.concat([body, Buffer.from(sealOf(ceremony, body), "base64url")]))
}

/** Whether a challenge, in base64url, was made here for this ceremony, and lately. */
export function checkPasskeyChallenge(ceremony: Ceremony, challenge: string): Result<void, ChallengeRefusal> {
  const bytes = Buffer.from(challenge, "base64url")
  const body = bytes.subarray(0, bodyBytes)
  const seal = bytes.subarray(bodyBytes).toString("base64url")
  if (body.length < bodyBytes || !sameHash(seal, sealOf(ceremony, body))) return err("unknown")
  const age = now().getTime() - body.readUIntBE(nonceBytes, timeBytes)
  return age >= 0 && age < ceremonyLifetime ? ok() : err("expired")
}

const insert = joiningStatement<[string, string, string, string | null, number, number, number]>(`
  INSERT INTO PasskeyChallenge (id, challengeHash, ceremony, userId, createdAt, expiresAt, usedAt)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (challengeHash) DO NOTHING`)

/** Spends a challenge that `checkPasskeyChallenge` let pass. False when it has been spent before. */
export async function spendPasskeyChallenge(tx: Tx, ceremony: Ceremony, challenge: string): Promise<boolean> {
  const userId = ceremony.kind === "sign_in" ? null : ceremony.userId
  // What was just let pass may be spent for as long again at most: until then its hash has to stay.
  const times = [+now(), +fromNow(ceremonyLifetime), +now()] as const
  return (await insert.run(tx, newId(), hashOf(challenge), ceremony.kind, userId, ...times)) === 1
}

/** Deletes the hashes of challenges that nobody could spend any more. Returns how many. */
export async function purgePasskeyChallenges(): Promise<number> {
  const purged = await db().passkeyChallenge.deleteMany({ where: { expiresAt: { lt: now() } } })
  return purged.count
}

/** Of the bytes: base64url can spell the same ones in several ways. */
function hashOf(challenge: string): string {
  return hashToken(Buffer.from(challenge, "base64url").toString("base64url"))
}

function sealOf(ceremony: Ceremony, body: Buffer): string {
  const who = ceremony.kind === "sign_in" ? "" : ceremony.userId
  return keyedHash("passkey challenge", `${ceremony.kind}\0${who}\0${body.toString("base64url")}`)
}
