/**
 * Starting a purchase [B1]. Our own row comes first; its id is the reference, the metadata and the idempotency key at Stripe,
 * so that whatever happens to the answer, asking again finds the same session. The same form sent twice within ten minutes is
 * one row: the unique `requestKey` decides; and it is for as long as a bank debit is on its way, where it leads to how that
 * stands. Stripe is called outside any transaction and never keeps a person waiting for more
 * than twelve seconds; a call that answers later still writes its session into the row, where the next try finds it.
 */
import { parseAddress } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { openSession } from "~/domain/billing/checkout-session.server"
import type { Interval, PlanId } from "~/domain/billing/plans"
import { closeRivals, forgetRivals } from "~/domain/billing/rival-checkouts.server"
import { shop } from "~/domain/billing/shop.server"
import { trialDaysFor } from "~/domain/billing/trials.server"
import { type WhyNotBuy, whyNotBuy } from "~/domain/billing/why-not-buy.server"
import { paths } from "~/lib/paths"
import { err, ok, type Result } from "~/lib/result"
import { defineClientLimit } from "~/platform/client-limit.server"
import { fromNow, now } from "~/platform/clock.server"
import { keyedHash } from "~/platform/crypto.server"
import { db, isUniqueViolation } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"
import type { Checkout } from "~/platform/models.server"

export type CheckoutRequest = {
  plan: PlanId
  interval: Interval
  /** As typed. */
  email: string
  businessName: string
  /** Set when an owner buys for an organisation that exists; the caller has checked that they may. */
  organizationId?: string
  /** Set for a signed-in buyer, whose address this is. */
  userId?: string
  requester: Requester
}

export type CheckoutRefusal =
  | { code: "not_configured" | "unavailable" | "invalid_address" | WhyNotBuy }
  | { code: "too_many"; retryAfterSeconds: number }

export type StartedCheckout = {
  url: string
  sessionId: string
  /** The checkout, when this very request began it: the browser that sent it may be marked as the buyer's. */
  begunHere?: string
}

const checkouts = defineClientLimit({
  name: "checkouts",
  points: () => env().limits.checkoutsPerClientMinute,
  seconds: 60,
  durable: false,
})

/** How long the same form means the same purchase. Stripe keeps idempotency keys for 24 hours. */
const sameFormMs = 10 * 60 * 1000

/** Opens Stripe's payment page for a plan: its address and session id, or where a debit that is on its way can be followed. Fails with why not; `unavailable` is worth another try. */
export async function startCheckout(
  request: CheckoutRequest,
): Promise<Result<StartedCheckout, CheckoutRefusal>> {
  if (shop() !== "open") return err({ code: "not_configured" })
  const limited = await checkouts.consume(request.requester.clientAddress)
  if (!limited.ok) return err({ code: "too_many", retryAfterSeconds: limited.error.retryAfterSeconds })
  const address = parseAddress(request.email)
  if (!address.ok) return err({ code: "invalid_address" })
  const whyNot = await whyNotBuy(request.organizationId)
  if (whyNot) return err({ code: whyNot })
  const { checkout, begunHere } = await findOrCreateCheckout(request, address.value)
  if (checkout.state === "on_its_way" && checkout.stripeSessionId) {
    const url = `${env().appUrl}${paths.checkout.pending(checkout.stripeSessionId)}`
    return ok({ url, sessionId: checkout.stripeSessionId })
  }
  if (checkout.url && checkout.stripeSessionId) {
    return ok({ url: checkout.url, sessionId: checkout.stripeSessionId })
  }
  const opened = await openSession(checkout)
  if (!opened.ok) return err({ code: opened.error })
  await forgetRivals(db(), checkout)
  // While this page was being made, another one may have been paid, or the organisation be closed.
  const whyNotAnyMore = await whyNotBuy(checkout.organizationId)
  if (!whyNotAnyMore) return ok({ ...opened.value, begunHere })
  await closeRivals.enqueue(db(), { checkoutId: checkout.id, which: "itself" })
  return err({ code: whyNotAnyMore })
}

type TypedAddress = { canonical: string; typed: string }

async function findOrCreateCheckout(
  request: CheckoutRequest,
  address: TypedAddress,
): Promise<{ checkout: Checkout; begunHere?: string }> {
  const requestKey = requestKeyOf(request, address.canonical)
  await db().checkout.updateMany({
    where: {
      requestKey,
      state: { not: "on_its_way" },
      NOT: { state: "open", createdAt: { gt: fromNow(-sameFormMs) } },
    },
    data: { requestKey: null },
  })
  try {
    const checkout = await db().checkout.create({
      data: {
        id: newId(),
        plan: request.plan,
        interval: request.interval,
        email: address.canonical,
        emailTyped: address.typed,
        businessName: request.businessName,
        userId: request.userId,
        organizationId: request.organizationId,
        requestKey,
        trialDays: await trialDaysFor(address.canonical, request.organizationId),
        createdAt: now(),
        updatedAt: now(),
      },
    })
    return { checkout, begunHere: checkout.id }
  } catch (error) {
    if (!isUniqueViolation(error, "requestKey")) throw error
    return { checkout: await db().checkout.findUniqueOrThrow({ where: { requestKey } }) }
  }
}

/** What makes two forms the same: everything in them, and where they came from. */
function requestKeyOf(request: CheckoutRequest, canonical: string): string {
  const { plan, interval, businessName, organizationId, userId, requester } = request
  const parts = [canonical, plan, interval, businessName, organizationId, userId, requester.clientAddress]
  return keyedHash("checkout", JSON.stringify(parts))
}
