/** `no_stripe`: nothing can be paid for; `no_mail`: what was paid for could not be handed over, because the way in is a mail. */
export type Shop = "open" | "no_stripe" | "no_mail"

export type StripeState = {
  mode: "off" | "stand_in" | "test" | "live"
  /** Whether Stripe's events are let in; without a webhook secret none can be told from a forged one. */
  webhookOpen: boolean
  shop: Shop
}

/** What a comparison with Stripe came to; what it found stands with the findings. */
export type ComparisonCounts = { at: Date; compared: number; repaired: number; failed: number }

export type ComparisonReport = {
  at: Date
  compared: number
  /** What differed, and is now as Stripe says. */
  repaired: { id: string; effect: string }[]
  /** What could not be compared, and why. */
  failed: { id: string; why: string }[]
}
