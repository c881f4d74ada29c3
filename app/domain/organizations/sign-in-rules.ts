export type SignInRules = {
  requireMfa: boolean
  /** The ways in that members may use; empty is all. */
  signInMethods: readonly string[]
}

/** What a session still owes an organisation before its pages open. */
export type Owed = "method_not_allowed" | "second_factor"

/**
 * Whether a session fits what an organisation asks of its members [O12]. Asked at every request, so that a rule counts from the
 * next one on.
 */
export function owed(
  rules: SignInRules,
  session: { method: string; twoFactors?: boolean },
): Owed | undefined {
  const { requireMfa, signInMethods } = rules
  if (signInMethods.length > 0 && !signInMethods.includes(session.method)) return "method_not_allowed"
  if (requireMfa && !session.twoFactors) return "second_factor"
  return undefined
}
