/**
 * `npm run stripe:sync` [B13]: the Stripe account brought in line with the table of plans, object by object. Each object is
 * looked at first and touched only where it differs, so that a second run changes nothing, and a run that broke off is
 * finished by the next one. Nothing of ours is ever deleted.
 */
import { type NewSecret, tidyEndpoint } from "~/domain/billing/catalogue-endpoint.server"
import { tidyPortal } from "~/domain/billing/catalogue-portal.server"
import { tidyPrices } from "~/domain/billing/catalogue-prices.server"
import { beginRun, type CatalogueLine } from "~/domain/billing/catalogue-run"
import { wordsForOperator } from "~/domain/billing/catalogue-trouble.server"
import { err, ok, type Result } from "~/lib/result"
import { isStripeSetUp } from "~/platform/stripe.server"

export type CatalogueSync = {
  /** Only look, and say what would be done. */
  checkOnly: boolean
  /** Hears of each object as soon as it is dealt with. */
  tell: (line: CatalogueLine) => void
  /** Hears the secret of a new webhook endpoint, once, before anything else can go wrong. */
  tellSecret: (secret: NewSecret) => void
}

/** Brings the account in line. Returns how much was done, or is to be done, and how many problems a person must solve. Fails with what went wrong at Stripe, in words. */
export async function syncCatalogue({
  checkOnly,
  tell,
  tellSecret,
}: CatalogueSync): Promise<Result<{ acts: number; problems: number }, string>> {
  if (!isStripeSetUp()) {
    return err("STRIPE_SECRET_KEY is empty. Put the secret key of the account there and run this again.")
  }
  const run = beginRun(checkOnly, tell)
  try {
    const sold = await tidyPrices(run)
    await tidyPortal(run, sold)
    await tidyEndpoint(run, tellSecret)
    return ok(run.counts)
  } catch (error) {
    const words = wordsForOperator(error)
    if (!words) throw error
    return err(words)
  }
}
