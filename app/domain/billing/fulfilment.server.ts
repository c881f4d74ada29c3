/**
 * From a Stripe session to what it entitles to [B2], [B8]. Webhook, sweep and landing page all come through here. The session
 * and its subscription are fetched first; what follows is one transaction. Whoever comes second finds the row provisioned
 * and changes nothing. Holding a session id signs nobody in.
 */
import type Stripe from "stripe"
import { type Effect, ignored, nothingToDo, type Prepared } from "~/domain/billing/effect.server"
import { isPlanId, plans } from "~/domain/billing/plans"
import { provision } from "~/domain/billing/provisioning.server"
import { closeRivals } from "~/domain/billing/rival-checkouts.server"
import { readSubscription } from "~/domain/billing/snapshot.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { plainName } from "~/domain/organizations/plain-name"
import { paths } from "~/lib/paths"
import { now } from "~/platform/clock.server"
import { db, type Tx } from "~/platform/db.server"
import type { Checkout } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"

export type FulfilmentHint = {
  sessionId: string
  /** Stripe said that the bank debit came back; the session alone does not tell "not yet" from "never". */
  debitFailed?: boolean
  options?: Stripe.RequestOptions
}

/** Asks Stripe how a purchase stands and prepares what follows. Throws Stripe's errors. */
export async function prepareFulfilment({
  sessionId,
  debitFailed,
  options,
}: FulfilmentHint): Promise<Prepared> {
  const known = await db().checkout.findUnique({ where: { stripeSessionId: sessionId } })
  if (known?.provisionedAt) return nothingToDo("provisioned before")
  const session = await stripe().checkout.sessions.retrieve(sessionId, { expand: ["subscription"] }, options)
  const checkout = known ?? (await checkoutOf(session))
  if (!checkout || session.mode !== "subscription") return ignored("not a purchase made here")
  if (session.status === "open") return nothingToDo("still open")
  if (session.status === "expired") return tx => abandon(tx, checkout)
  if (session.payment_status === "unpaid") {
    return debitFailed || neverToBePaid(session)
      ? tx => failPurchase(tx, checkout)
      : tx => announce(tx, checkout, session.id)
  }
  return preparePaid(checkout, session, options)
}

/** A debit that came back, whose event is lost: the subscription has been given up, and no payment will begin it. */
function neverToBePaid({ subscription }: Stripe.Checkout.Session): boolean {
  return (
    typeof subscription === "object" &&
    ["incomplete_expired", "canceled"].includes(subscription?.status ?? "")
  )
}

/** Our row for a session: by the id we gave it, in case its answer never reached us. */
async function checkoutOf(session: Stripe.Checkout.Session): Promise<Checkout | null> {
  const id = session.metadata?.checkoutId
  return id && id === session.client_reference_id ? db().checkout.findUnique({ where: { id } }) : null
}

async function preparePaid(
  checkout: Checkout,
  session: Stripe.Checkout.Session,
  options?: Stripe.RequestOptions,
): Promise<Prepared> {
  const { subscription } = session
  if (!subscription || typeof subscription === "string") {
    throw new Error(`Session ${session.id} is paid but shows no subscription.`)
  }
  const snapshot = await readSubscription(subscription, options)
  return tx => provision(tx, checkout, { sessionId: session.id, snapshot })
}

async function abandon(tx: Tx, checkout: Checkout): Promise<Effect> {
  const moved = await tx.checkout.updateMany({
    where: { id: checkout.id, state: "open" },
    data: { state: "abandoned", requestKey: null, updatedAt: now() },
  })
  if (moved.count === 0) return { state: "done", effect: "checkout ran out before" }
  return { state: "done", effect: "checkout ran out", changed: true }
}

/** A bank debit takes days: the buyer is told once that it is on its way, and other payment pages are closed as after a payment. */
async function announce(tx: Tx, checkout: Checkout, sessionId: string): Promise<Effect> {
  const moved = await tx.checkout.updateMany({
    where: { id: checkout.id, state: "open" },
    data: { state: "on_its_way", stripeSessionId: sessionId, updatedAt: now() },
  })
  if (moved.count === 0) return { state: "done", effect: "waiting for the payment" }
  await announceDebit(tx, checkout)
  if (checkout.organizationId) await closeRivals.enqueue(tx, { checkoutId: checkout.id, which: "others" })
  return { state: "done", effect: "payment on its way", changed: true }
}

/** Mails that the debit is on its way. Once per purchase, but for corrections of the address, each of which has a name. */
export async function announceDebit(tx: Tx, checkout: Checkout, correction?: string): Promise<void> {
  const key = `payment-on-its-way:${checkout.id}`
  await queueMail(tx, {
    template: "payment_on_its_way",
    to: checkout.email,
    parameters: { organizationName: plainName(checkout.businessName), planName: planName(checkout) },
    organizationId: checkout.organizationId ?? undefined,
    dedupeKey: correction ? `${key}:${correction}` : key,
  })
}

async function failPurchase(tx: Tx, checkout: Checkout): Promise<Effect> {
  const moved = await tx.checkout.updateMany({
    where: { id: checkout.id, state: { in: ["open", "on_its_way"] } },
    data: { state: "failed", requestKey: null, updatedAt: now() },
  })
  if (moved.count === 0) return { state: "done", effect: "payment failed before" }
  await queueMail(tx, {
    template: "payment_failed",
    to: checkout.email,
    parameters: {
      kind: "purchase",
      organizationName: plainName(checkout.businessName),
      planName: planName(checkout),
      path: paths.pricing(),
    },
    organizationId: checkout.organizationId ?? undefined,
    dedupeKey: `payment-failed:${checkout.id}`,
  })
  return { state: "done", effect: "payment failed; nothing was created", changed: true }
}

function planName(checkout: Checkout): string {
  return isPlanId(checkout.plan) ? plans[checkout.plan].name : checkout.plan
}
