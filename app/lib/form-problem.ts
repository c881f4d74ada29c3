import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser"

/** What an action says of a form it refuses. `values` are what the person typed, so that nothing is lost without JavaScript. */
export type FormProblem = {
  message?: string
  fields?: Record<string, string | string[] | undefined>
  values?: Record<string, string | undefined>
  /** The form is fine, but whoever sent it must first prove anew who they are. */
  proof?: ProofAsked
}

/** The ways in which a signed-in person can prove anew who they are. */
export const proofWays = ["code", "password", "totp", "passkey"] as const

export type ProofWay = (typeof proofWays)[number]

export type ProofAsked = {
  /** What this person has; the first is the one to show. */
  ways: ProofWay[]
  /** A code is on its way to this address. */
  sent?: boolean
  maskedEmail?: string
  /** What the browser needs to ask for a passkey, where that is the way to show. */
  passkey?: Omit<PublicKeyCredentialRequestOptionsJSON, "extensions">
  /** Why the proof that came was refused. */
  error?: string
  /** What was posted, to be posted again with the proof. */
  entries: [name: string, value: string][]
  /** The passwords among it, sealed. */
  kept?: string
}
