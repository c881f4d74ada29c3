/** What proves someone besides the way they came in [S8, S9]. A passkey with user verification is both at once. */
export const secondFactors = ["totp", "recovery_code", "passkey"] as const

export type SecondFactor = (typeof secondFactors)[number]
