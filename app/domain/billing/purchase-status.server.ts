/**
 * What the holder of a session id may know [B1], [B2]: how their purchase stands and where the mail went, masked but for the buyer's browser. Never a session,
 * never a link. Asking also fulfils, by the same function as the webhook, so that a lost webhook keeps nobody waiting.
 */
import { maskAddress } from "~/domain/accounts/addresses.server"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { isCorrectable } from "~/domain/billing/correct-address.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { isPlanId, plans } from "~/domain/billing/plans"
import type { PurchaseStatus } from "~/domain/billing/purchase"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import type { Checkout } from "~/platform/models.server"
import { isStripeSetUp } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

export type Viewer = {
  /** Who is signed in. */
  userId?: string
  /** The checkout that was begun in this browser. */
  checkoutId?: string
}

/** How the purchase of a Stripe session stands; undefined for a session that was not opened here. */
export async function purchaseStatus(
  sessionId: string,
  viewer: Viewer = {},
): Promise<PurchaseStatus | undefined> {
  const checkout = await findCheckout(sessionId)
  if (!checkout) return undefined
  if (checkout.provisionedAt || !isStripeSetUp() || !mayLook(checkout)) return describe(checkout, viewer)
  await look(sessionId)
  return describe((await findCheckout(sessionId)) ?? checkout, viewer)
}

function findCheckout(sessionId: string) {
  return db().checkout.findUnique({
    where: { stripeSessionId: sessionId },
    include: { organization: { select: { slug: true } } },
  })
}

type Found = NonNullable<Awaited<ReturnType<typeof findCheckout>>>

async function describe(checkout: Found, viewer: Viewer): Promise<PurchaseStatus> {
  const beganHere = viewer.checkoutId === checkout.id
  return {
    ...(await standing(checkout)),
    organizationName: checkout.businessName,
    planName: isPlanId(checkout.plan) ? plans[checkout.plan].name : checkout.plan,
    email: beganHere ? checkout.email : maskAddress(checkout.email),
    ...(checkout.trialDays && { trial: true }),
    ...(beganHere && (await isCorrectable(db(), checkout)) && { mayCorrect: true }),
    ...(viewer.userId && viewer.userId === checkout.userId && { slug: checkout.organization?.slug }),
  }
}

async function standing(checkout: Checkout): Promise<Pick<PurchaseStatus, "status" | "detail">> {
  if (checkout.provisionedAt) return { status: "active" }
  if (!isStripeSetUp()) return { status: "not_configured" }
  if (checkout.state === "on_its_way") return { status: "pending", detail: "on_its_way" }
  if (checkout.state === "failed") return { status: "pending", detail: "failed" }
  if (checkout.state === "abandoned") return { status: "pending", detail: "expired" }
  const received = await db().stripeEvent.count({
    where: { objectId: checkout.stripeSessionId ?? "", state: "received" },
  })
  return { status: received > 0 ? "provisioning" : "pending" }
}

/** The page asks every three seconds; Stripe is asked less often, and about a debit, which takes days, seldom. */
const pauseMs = 10_000
const debitPauseMs = 60_000
/** 5,000 sessions of some 100 bytes: more than are ever open at once. */
const remembered = 5_000
const lookedAt = new Map<string, number>()

function mayLook(checkout: Checkout): boolean {
  const sessionId = checkout.stripeSessionId ?? ""
  const at = now().getTime()
  const pause = checkout.state === "open" ? pauseMs : debitPauseMs
  const last = lookedAt.get(sessionId)
  if (last !== undefined && Math.abs(at - last) < pause) return false
  lookedAt.delete(sessionId)
  lookedAt.set(sessionId, at)
  const [oldest] = lookedAt.keys()
  if (lookedAt.size > remembered && oldest !== undefined) lookedAt.delete(oldest)
  return true
}

/** Milliseconds for all of it, in one try: the page asks again, and the webhook comes anyway. */
const patience = 3_000

async function look(sessionId: string): Promise<void> {
  const asked = await askOnce(patience, options =>
    applyFresh(() => prepareFulfilment({ sessionId, options })),
  )
  if (asked.ok) return
  const { kind, words: trouble } = asked.error
  log.warn({ kind, trouble }, "purchase could not be looked up")
}
