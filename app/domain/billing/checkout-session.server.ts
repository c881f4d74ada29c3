import type Stripe from "stripe"
import { isInterval, isPlanId, lookupKey } from "~/domain/billing/plans"
import { forgetPrices, priceIdOf } from "~/domain/billing/prices.server"
import { trialTerms } from "~/domain/billing/trial-words"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { paths } from "~/lib/paths"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { failpoint } from "~/platform/failpoint.server"
import { log } from "~/platform/log.server"
import type { Checkout } from "~/platform/models.server"
import { stripe, stripeTrouble, whileSomeoneWaits } from "~/platform/stripe.server"

export type OpenedSession = { url: string; sessionId: string }

/** A person at a form gives up after about twelve seconds; the rest is for the way there and back. */
const patienceMs = 11_000

/** Calls under way, so that a second click waits for the first one's answer instead of asking Stripe beside it. */
const underWay = new Map<string, Promise<Result<OpenedSession, "unavailable">>>()

/** Makes, or finds again, the Stripe session of a checkout row and stores its address. `unavailable`: try again later. */
export async function openSession(checkout: Checkout): Promise<Result<OpenedSession, "unavailable">> {
  const opening = underWay.get(checkout.id) ?? begin(checkout)
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<Result<OpenedSession, "unavailable">>(resolve => {
    timer = setTimeout(() => resolve(err("unavailable")), patienceMs)
  })
  try {
    return await Promise.race([opening, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

function begin(checkout: Checkout): Promise<Result<OpenedSession, "unavailable">> {
  const opening = createSession(checkout)
    .catch(error => giveUp(checkout, error))
    .finally(() => underWay.delete(checkout.id))
  underWay.set(checkout.id, opening)
  return opening
}

async function createSession(checkout: Checkout): Promise<Result<OpenedSession, "unavailable">> {
  const { plan, interval } = checkout
  if (!isPlanId(plan) || !isInterval(interval)) throw new Error(`Checkout ${checkout.id} names no plan.`)
  const price = await priceIdOf(plan, interval, whileSomeoneWaits)
  if (!price) {
    await reportRefusal(`There is no price ${lookupKey(plan, interval)}`)
    return err("unavailable")
  }
  const session = await stripe().checkout.sessions.create(await sessionParameters(checkout, price), {
    ...whileSomeoneWaits,
    idempotencyKey: `checkout-${checkout.id}`,
  })
  failpoint("checkout.session-made")
  if (!session.url) throw new Error(`Stripe gave session ${session.id} no address.`)
  await db().checkout.update({
    where: { id: checkout.id },
    data: { stripeSessionId: session.id, url: session.url, updatedAt: now() },
  })
  await clearAlert(refusedAlert)
  return ok({ url: session.url, sessionId: session.id })
}

/** Everything comes from the row and from settings: the same key must always come with the same parameters. */
async function sessionParameters(
  checkout: Checkout,
  price: string,
): Promise<Stripe.Checkout.SessionCreateParams> {
  const metadata = { checkoutId: checkout.id }
  const organization = await organizationOf(checkout.organizationId)
  const customer = organization?.stripeCustomerId
  return {
    mode: "subscription",
    line_items: [{ price, quantity: 1 }],
    allow_promotion_codes: true,
    ...taxes(customer),
    client_reference_id: checkout.id,
    ...(customer ? { customer } : { customer_email: checkout.email }),
    metadata,
    subscription_data: { metadata, ...trialOf(checkout) },
    ...(checkout.trialDays && { custom_text: { submit: { message: trialTerms } } }),
    success_url: `${env().appUrl}${paths.checkout.pending()}?session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${env().appUrl}${paths.pricing({ org: organization?.slug })}`,
  }
}

/** The card is asked for at the start, as without a trial; should it be taken away meanwhile, the plan ends with the trial. */
function trialOf({ trialDays }: Checkout): Partial<Stripe.Checkout.SessionCreateParams.SubscriptionData> {
  if (!trialDays) return {}
  return {
    trial_period_days: trialDays,
    trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
  }
}

/**
 * Tax by where the buyer is, and their VAT number [B12]; Stripe refuses both without a tax registration in the account. What
 * a customer it knows types here has to be kept on the customer, which Stripe wants to be told.
 * Source: https://docs.stripe.com/tax/checkout
 */
function taxes(customer: string | null | undefined): Partial<Stripe.Checkout.SessionCreateParams> {
  if (!env().stripe?.automaticTax) return {}
  return {
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    ...(customer && { customer_update: { address: "auto", name: "auto" } }),
  }
}

async function organizationOf(organizationId: string | null) {
  return organizationId ? db().organization.findUnique({ where: { id: organizationId } }) : null
}

/**
 * Without an answer, or before anything was tried, the row keeps its key, so that the next click finds the session Stripe may
 * have made. A definite failure is remembered by Stripe under that key for a day: the next click needs a row of its own.
 */
async function giveUp(checkout: Checkout, error: unknown): Promise<Result<OpenedSession, "unavailable">> {
  const trouble = stripeTrouble(error)
  if (!trouble) throw error
  log.warn(
    { checkout: checkout.id, kind: trouble.kind, trouble: trouble.words },
    "checkout could not be opened",
  )
  if (trouble.kind === "refused") {
    // The price may have been replaced since it was looked up: the next click looks again.
    forgetPrices()
    await reportRefusal(trouble.words)
  }
  if (trouble.kind === "failed" || trouble.kind === "refused") {
    await db().checkout.updateMany({
      where: { id: checkout.id, stripeSessionId: null },
      data: { state: "abandoned", requestKey: null, updatedAt: now() },
    })
  }
  return err("unavailable")
}

const refusedAlert = "checkout-refused"

/** A refusal comes from how the account is set up far more often than from what somebody typed. */
async function reportRefusal(words: string): Promise<void> {
  await raiseAlert(refusedAlert, {
    title: "Stripe refused to open a payment page",
    words: `It says “${words}”. If this stands for long, nobody can buy: look at the settings of billing, and run npm run stripe:sync. The next page that opens takes this down.`,
  })
}
