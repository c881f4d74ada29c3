import { type StripeTrouble, stripeTrouble } from "~/platform/stripe.server"

const byKind: Record<StripeTrouble["kind"], (words: string) => string> = {
  unreachable: () =>
    "Stripe does not answer. Look at this machine’s way to the internet, then run this again: it goes on where it stopped.",
  busy: () =>
    "Stripe is getting too many requests for this account. Wait a minute and run this again: it goes on where it stopped.",
  failed: words =>
    `Stripe has trouble of its own (${words}). Run this again later: it goes on where it stopped.`,
  refused: words => `Stripe refuses: ${words}`,
}

/** What went wrong at Stripe, for the operator at a command line; undefined for errors that are not Stripe's. */
export function wordsForOperator(error: unknown): string | undefined {
  const trouble = stripeTrouble(error)
  if (!trouble) return undefined
  if (trouble.status === 401) {
    return "Stripe does not accept the key in STRIPE_SECRET_KEY. Copy it again from the dashboard, under Developers, API keys."
  }
  if (trouble.status === 403) {
    return `The key in STRIPE_SECRET_KEY may not do this (${trouble.words}). Use the secret key, or a restricted key that can write Products, Prices, Customer portal and Webhook endpoints.`
  }
  return byKind[trouble.kind](trouble.words)
}
