/**
 * Making a passkey [S12]. Its options are handed out after fresh proof only, and their challenge is bound to that person and to
 * minutes: an answer to it carries that proof. The answer must come from our own address and say that the person was verified;
 * what made the passkey is not asked to prove itself (attestation "none").
 */
import { verifyRegistrationResponse } from "@simplewebauthn/server"
import { credentialChanged } from "~/domain/accounts/credential-change.server"
import { deviceLabel } from "~/domain/accounts/device.server"
import { challengeOf, readRegistrationAnswer } from "~/domain/accounts/passkey-answers.server"
import { checkPasskeyChallenge, spendPasskeyChallenge } from "~/domain/accounts/passkey-challenge.server"
import { passkeyHost } from "~/domain/accounts/passkey-host.server"
import { passkeyAlgorithms } from "~/domain/accounts/passkey-options.server"
import { mostPasskeys, type RegistrationRefusal } from "~/domain/accounts/passkey-words"
import type { Requester } from "~/domain/accounts/requester"
import { renewSession } from "~/domain/accounts/sessions.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { log } from "~/platform/log.server"
import type { Passkey } from "~/platform/models.server"

type Registering = { kind: "register"; userId: string }
type Registrant = { userId: string; email: string; sessionId: string; requester: Requester }

/**
 * Keeps a new passkey of this person: all their other sessions and open links end, they are told, and the session it was made in
 * gets a new id, returned here, and counts as shown with two factors: a passkey is both at once [S9].
 */
export async function registerPasskey(
  who: Registrant,
  { name, answer }: { name: string; answer: unknown },
): Promise<Result<{ sessionToken: string; passkeyId: string }, RegistrationRefusal>> {
  const ceremony: Registering = { kind: "register", userId: who.userId }
  const made = await readPasskey(ceremony, answer)
  if (!made.ok) return refuse(who, made.error)
  return transaction(async tx => {
    const obstacle = await obstacleTo(tx, ceremony, made.value)
    if (obstacle) return refuse(who, obstacle)
    const sessionToken = await renewSession(tx, who, "passkey")
    if (!sessionToken) return refuse(who, "signed_out")
    const called = name.trim() || deviceLabel(who.requester.userAgent)
    return ok({ sessionToken, passkeyId: await keep(tx, who, called, made.value.passkey) })
  })
}

type NewPasskey = Pick<
  Passkey,
  "credentialId" | "publicKey" | "counter" | "transports" | "rpId" | "aaguid" | "backedUp"
>

async function readPasskey(
  ceremony: Registering,
  answer: unknown,
): Promise<Result<{ challenge: string; passkey: NewPasskey }, RegistrationRefusal>> {
  const read = readRegistrationAnswer(answer)
  if (!read) return err("malformed")
  const challenge = challengeOf(read)
  const fresh = checkPasskeyChallenge(ceremony, challenge)
  if (!fresh.ok) return err(fresh.error === "expired" ? "expired" : "wrong")
  const { rpId, origin } = passkeyHost()
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: read,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: passkeyAlgorithms,
    })
    if (!verified) return err("wrong")
    const { credential, aaguid, credentialBackedUp: backedUp } = registrationInfo
    const { id: credentialId, publicKey, counter } = credential
    const transports = (read.response.transports ?? []).join(",")
    return ok({
      challenge,
      passkey: { credentialId, publicKey, counter, transports, rpId, aaguid, backedUp },
    })
  } catch (error) {
    log.info({ why: error instanceof Error ? error.message : "?" }, "new passkey not verified")
    return err("wrong")
  }
}

async function obstacleTo(
  tx: Tx,
  ceremony: Registering,
  { challenge, passkey }: { challenge: string; passkey: NewPasskey },
): Promise<RegistrationRefusal | undefined> {
  if (!(await spendPasskeyChallenge(tx, ceremony, challenge))) return "used"
  if ((await tx.passkey.count({ where: { credentialId: passkey.credentialId } })) > 0) return "taken"
  const { userId } = ceremony
  return (await tx.passkey.count({ where: { userId } })) < mostPasskeys ? undefined : "too_many"
}

async function keep(tx: Tx, who: Registrant, name: string, passkey: NewPasskey): Promise<string> {
  const { userId, email, sessionId: keepSessionId, requester } = who
  const { userAgent } = requester
  const id = newId()
  await tx.passkey.create({ data: { id, userId, name, userAgent, createdAt: now(), ...passkey } })
  log.info({ user: userId }, "passkey added")
  const user = { id: userId, email }
  await credentialChanged(tx, { user, what: "passkey_added", detail: name, requester, keepSessionId })
  return id
}

function refuse({ userId }: Registrant, why: RegistrationRefusal) {
  log.info({ user: userId, why }, "new passkey refused")
  return err(why)
}
