/** What a password must be, for browser and server (NIST SP 800-63B 3.1.1.2): long enough, and not one that is guessed early. */

export const shortestPassword = 8
/** Room for any sentence; the hash takes as long for it as for a word. */
export const longestPassword = 256

/** Why a password is refused. */
export type PasswordFlaw = "short" | "long" | "common" | "guessable" | "breached"

export const flawWords: Record<PasswordFlaw, string> = {
  short: `Use at least ${shortestPassword} characters.`,
  long: `Use at most ${longestPassword} characters.`,
  common: "This is one of the passwords that are tried first. Choose another.",
  guessable: "This is too easy to guess. Make it longer, or less like a word, a name or a row of keys.",
  breached: "This password is known from a break-in elsewhere, so it is tried early. Choose another.",
}

/** The same password from every keyboard: compatibility forms folded (NFKC). Spaces count. */
export function normalizePassword(typed: string): string {
  return typed.normalize("NFKC")
}

/** Whether its length fits, in characters as people count them. */
export function lengthFlaw(password: string): "short" | "long" | undefined {
  const { length } = [...password]
  if (length < shortestPassword) return "short"
  return length > longestPassword ? "long" : undefined
}
