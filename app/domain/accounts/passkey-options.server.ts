import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server"
import {
  type Ceremony,
  ceremonyLifetime,
  newPasskeyChallenge,
} from "~/domain/accounts/passkey-challenge.server"
import { passkeyHost, userHandleOf } from "~/domain/accounts/passkey-host.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

export type PasskeyRequest = PublicKeyCredentialRequestOptionsJSON
export type PasskeyCreation = PublicKeyCredentialCreationOptionsJSON

/** EdDSA, ES256 and RS256, in that order: every authenticator knows one of them (COSE algorithm identifiers). */
export const passkeyAlgorithms = [-8, -7, -257]

/** What a browser needs to sign in with a passkey it finds by itself. Tells nothing of anybody, and writes nothing. */
export function signInOptions(): Promise<PasskeyRequest> {
  return requestFor({ kind: "sign_in" }, [])
}

/** What a browser needs to prove anew who this person is [S5], by one of their passkeys. */
export async function proofOptions(userId: string): Promise<PasskeyRequest> {
  return requestFor({ kind: "proof", userId }, await offered(userId))
}

/** What a browser needs to show one of this person's passkeys as their second factor [S9]. */
export async function secondFactorOptions(userId: string): Promise<PasskeyRequest> {
  return requestFor({ kind: "second_factor", userId }, await offered(userId))
}

/** What a browser needs to make a passkey for this person. It counts as their consent: hand it out after fresh proof only [S5]. */
export async function registrationOptions(user: {
  userId: string
  email: string
  name: string
}): Promise<PasskeyCreation> {
  const { userId, email, name } = user
  const challenge = newPasskeyChallenge({ kind: "register", userId })
  return generateRegistrationOptions({
    rpName: env().appName,
    rpID: passkeyHost().rpId,
    userID: userHandleOf(userId),
    userName: email,
    userDisplayName: name || email,
    challenge,
    timeout: ceremonyLifetime,
    attestationType: "none",
    // So that no device makes a second one in place of the first.
    excludeCredentials: await offered(userId),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: passkeyAlgorithms,
  })
}

function requestFor(ceremony: Ceremony, allowCredentials: Offered): Promise<PasskeyRequest> {
  return generateAuthenticationOptions({
    rpID: passkeyHost().rpId,
    challenge: newPasskeyChallenge(ceremony),
    allowCredentials,
    timeout: ceremonyLifetime,
    userVerification: "required",
  })
}

type Offered = { id: string; transports?: string[] }[]

/** The passkeys of this person that work under this host name. */
async function offered(userId: string): Promise<Offered> {
  const own = await db().passkey.findMany({
    where: { userId, rpId: passkeyHost().rpId },
    orderBy: { createdAt: "asc" },
    select: { credentialId: true, transports: true },
  })
  return own.map(({ credentialId: id, transports }) => ({
    id,
    ...(transports && { transports: transports.split(",") }),
  }))
}
