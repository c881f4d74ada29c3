import type Stripe from "stripe"
import type { PaymentTrouble } from "~/domain/billing/banners"
import { log } from "~/platform/log.server"
import { stripe, stripeTrouble } from "~/platform/stripe.server"

/**
 * Why a subscription's payment does not come by itself, where more can be said than that it did not: the bank wants the payer to
 * confirm it (3-D Secure), or the trial ended without a way of paying. Null when there is nothing to say, also for a key that may
 * not look at payments. Asks Stripe only about subscriptions that owe. Throws Stripe's other errors.
 * Source: https://docs.stripe.com/billing/subscriptions/overview#requires-action
 */
export async function paymentTroubleOf(
  subscription: Stripe.Subscription,
  options?: Stripe.RequestOptions,
): Promise<PaymentTrouble | null> {
  const { status, status_details, latest_invoice } = subscription
  if (status === "paused") {
    const why = status_details?.paused?.subscription?.type
    return why === "trial_end_without_payment_method" ? "no_way_of_paying" : null
  }
  if (!["incomplete", "past_due", "unpaid"].includes(status) || !latest_invoice) return null
  const invoice = typeof latest_invoice === "string" ? latest_invoice : latest_invoice.id
  return invoice && (await waitsForPayer(invoice, options)) ? "needs_confirmation" : null
}

async function waitsForPayer(invoice: string, options?: Stripe.RequestOptions): Promise<boolean> {
  try {
    const { data } = await stripe().invoicePayments.list(
      { invoice, status: "open", expand: ["data.payment.payment_intent"] },
      options,
    )
    return data.some(({ payment: { payment_intent: intent } }) => {
      return typeof intent === "object" && intent.status === "requires_action"
    })
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (trouble?.kind !== "refused") throw error
    log.warn({ trouble: trouble.words }, "nobody can tell whether a payment waits to be confirmed")
    return false
  }
}
