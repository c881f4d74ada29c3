/** Why an answer of a passkey does not count, and why a new one is not taken. */
export type PasskeyRefusal = "malformed" | "unknown" | "expired" | "used" | "wrong" | "copied"
export type RegistrationRefusal =
  | Exclude<PasskeyRefusal, "unknown" | "copied">
  | "taken"
  | "too_many"
  | "signed_out"

/** More than anyone has devices. */
export const mostPasskeys = 20

/** The sentence for each. */
export const passkeyWords: Record<PasskeyRefusal | RegistrationRefusal, string> = {
  malformed: "Your browser did not send a passkey. Try again.",
  unknown: "This passkey is not known here. It may have been removed; come in another way.",
  expired: "That took too long. Try again.",
  used: "This answer was sent twice. Try again.",
  wrong: "This passkey could not be checked. Try again, or come in another way.",
  copied:
    "This passkey was refused: it has counted backwards, so a copy of it may exist. Come in another way and remove it.",
  taken: "This passkey is known here already.",
  too_many: `You have ${mostPasskeys} passkeys. Remove one first.`,
  signed_out: "You have been signed out meanwhile. Sign in again.",
}
