/**
 * Proof by a passkey [S12]. First, outside any transaction and writing nothing: the challenge was made here for this ceremony, the
 * key is one of ours, and its signature covers our address and says that the person was verified, by finger, face or PIN. Then,
 * in the transaction of what it opens: the challenge is spent and the counter moves on. Only a right signature can raise the
 * alarm of a counter that goes backwards, so no stranger can.
 */
import { verifyAuthenticationResponse } from "@simplewebauthn/server"
import { tellOfChange } from "~/domain/accounts/credential-change.server"
import { challengeOf, readSignInAnswer } from "~/domain/accounts/passkey-answers.server"
import {
  type Ceremony,
  checkPasskeyChallenge,
  spendPasskeyChallenge,
} from "~/domain/accounts/passkey-challenge.server"
import { passkeyHost, userHandleOf } from "~/domain/accounts/passkey-host.server"
import type { PasskeyRefusal } from "~/domain/accounts/passkey-words"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import type { Passkey } from "~/platform/models.server"

export type VerifiedPasskey = {
  passkeyId: string
  userId: string
  ceremony: Ceremony
  challenge: string
  counter: number
  backedUp: boolean
}

/** Checks an answer (an object, or its JSON text). Call it outside of a transaction; what it returns counts once `spendPasskey` took it. */
export async function verifyPasskey(
  ceremony: Ceremony,
  answer: unknown,
): Promise<Result<VerifiedPasskey, PasskeyRefusal>> {
  const read = readSignInAnswer(answer)
  if (!read) return refuse("malformed")
  const challenge = challengeOf(read)
  const fresh = checkPasskeyChallenge(ceremony, challenge)
  if (!fresh.ok) return refuse(fresh.error === "expired" ? "expired" : "wrong")
  const passkey = await db().passkey.findUnique({ where: { credentialId: read.rawId.replace(/=+$/, "") } })
  if (!passkey || (ceremony.kind !== "sign_in" && passkey.userId !== ceremony.userId))
    return refuse("unknown")
  const { userHandle } = read.response
  // At sign-in the handle says whose account it is; elsewhere an authenticator may leave it out.
  const handleFits = userHandle === Buffer.from(userHandleOf(passkey.userId)).toString("base64url")
  if (!handleFits && (ceremony.kind === "sign_in" || userHandle !== undefined)) return refuse("wrong")
  const shown = await signatureOf(read, challenge, passkey)
  if (!shown) return refuse("wrong")
  const { newCounter: counter, credentialBackedUp: backedUp } = shown
  return ok({ passkeyId: passkey.id, userId: passkey.userId, ceremony, challenge, counter, backedUp })
}

/**
 * Lets a verified answer count, within the caller's transaction: it spends its challenge and moves the counter on. Fails with
 * `used`, with `unknown` when the passkey was removed meanwhile, and with `copied` when the counter went backwards, which is
 * written down and told to the person: commit then, too.
 */
export async function spendPasskey(
  tx: Tx,
  verified: VerifiedPasskey,
  requester: Requester,
): Promise<Result<{ userId: string }, PasskeyRefusal>> {
  const { passkeyId: id, userId, ceremony, challenge, counter, backedUp } = verified
  if (!(await spendPasskeyChallenge(tx, ceremony, challenge))) return refuse("used")
  // Authenticators that keep no counter always say 0 (https://www.w3.org/TR/webauthn-3/#sctn-sign-counter).
  const moved = await tx.passkey.updateMany({
    where: { id, userId, counter: counter === 0 ? 0 : { lt: counter } },
    data: { counter, backedUp, lastUsedAt: now() },
  })
  if (moved.count === 1) return ok({ userId })
  const passkey = await tx.passkey.findFirst({ where: { id, userId }, include: { user: true } })
  if (!passkey) return refuse("unknown")
  log.warn(
    { user: userId, passkey: id, stored: passkey.counter, shown: counter },
    "passkey counted backwards",
  )
  await tellOfCopy(tx, passkey, requester)
  return refuse("copied")
}

/** Both at once, for a ceremony that opens nothing itself. Call it outside of a transaction. */
export async function checkPasskey(
  ceremony: Ceremony,
  answer: unknown,
  requester: Requester,
): Promise<Result<void, PasskeyRefusal>> {
  const verified = await verifyPasskey(ceremony, answer)
  if (!verified.ok) return verified
  const used = await transaction(tx => spendPasskey(tx, verified.value, requester))
  return used.ok ? ok() : used
}

/** Whether this person has just used one of their passkeys, to prove anew who they are [S5]. */
export function checkPasskeyProof(
  userId: string,
  answer: unknown,
  requester: Requester,
): Promise<Result<void, PasskeyRefusal>> {
  return checkPasskey({ kind: "proof", userId }, answer, requester)
}

type Answer = Parameters<typeof verifyAuthenticationResponse>[0]["response"]

async function signatureOf(response: Answer, challenge: string, passkey: Passkey) {
  const { rpId, origin } = passkeyHost()
  // One made for another name cannot have signed for this one, whatever it says.
  if (passkey.rpId !== rpId) return undefined
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      // Below every counter: `spendPasskey` decides about it, once the signature is known to be right.
      credential: { id: passkey.credentialId, publicKey: new Uint8Array(passkey.publicKey), counter: -1 },
    })
    return verified ? authenticationInfo : undefined
  } catch (error) {
    log.info(
      { passkey: passkey.id, why: error instanceof Error ? error.message : "?" },
      "passkey not verified",
    )
    return undefined
  }
}

const day = 24 * 60 * 60 * 1000

/** One mail a day is enough: whoever has the copy may try it all day. */
async function tellOfCopy(
  tx: Tx,
  { name: detail, user }: Passkey & { user: { id: string; email: string } },
  requester: Requester,
): Promise<void> {
  const event = { userId: user.id, kind: "passkey_refused", detail } as const
  const lately = { at: { gt: fromNow(-day) } }
  if ((await tx.securityEvent.count({ where: { ...event, ...lately } })) === 0)
    return tellOfChange(tx, { user, what: event.kind, detail, requester })
  await recordSecurityEvent(tx, { ...event, requester })
}

function refuse(why: PasskeyRefusal) {
  log.info({ why }, "passkey refused")
  return err(why)
}
