import type Stripe from "stripe"

/**
 * That somebody told Stripe to collect no money for a subscription, and what becomes of its invoices meanwhile. Stripe goes on
 * calling it active, so it keeps its access. Source: https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export type CollectionPause = { invoices: string; until: Date | null }

const words: Record<string, string> = {
  void: "withdrawn",
  keep_as_draft: "kept as drafts",
  mark_uncollectible: "written off",
}

/** Null while money is collected. */
export function collectionPauseOf({
  pause_collection: pause,
}: Pick<Stripe.Subscription, "pause_collection">): CollectionPause | null {
  return (
    pause && {
      invoices: words[pause.behavior] ?? pause.behavior,
      until: pause.resumes_at ? new Date(pause.resumes_at * 1000) : null,
    }
  )
}
