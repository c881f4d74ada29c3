/**
 * Changing a plan to what a preview offered [B10]. The offer names the price the plan had and the second it was reckoned to, so
 * what is charged is what was shown; a plan that somebody changed meanwhile is not changed a second time, and an offer
 * is good for one change only. One change of an organisation at a time, and Stripe is told by a key of the offer, so that a form
 * sent twice is one change and one invoice.
 *
 * `error_if_incomplete`: a card that is declined, or that a bank wants confirmed, refuses the whole change and leaves the plan as
 * it was; what a bank wants confirmed is paid on Stripe's own page. With `pending_if_incomplete` Stripe would keep the change for a day and make it when nobody expects it any more.
 * Source: https://docs.stripe.com/billing/subscriptions/pending-updates
 */
import Stripe from "stripe"
import type { Requester } from "~/domain/accounts/requester"
import { isClosing } from "~/domain/billing/closing.server"
import { currentSubscription, writeAnswer } from "~/domain/billing/current-subscription.server"
import { hear, hearSoon } from "~/domain/billing/hear.server"
import { inTurn } from "~/domain/billing/in-turn"
import type { ChangeRefusal } from "~/domain/billing/plan-change"
import { isStillAsOffered, type Offer, openOffer } from "~/domain/billing/plan-offer.server"
import { obstacleOf } from "~/domain/billing/plan-preview.server"
import type { Interval, PlanId } from "~/domain/billing/plans"
import { syncWithStripe } from "~/domain/billing/wind-down.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe, stripeTrouble } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** Milliseconds for the look at how it stands. */
const lookPatience = 5_000

/** A bank may take some seconds over a charge; broken off in the middle, nobody would know what became of it. */
const whileCharging: Stripe.RequestOptions = { timeout: 20_000, maxNetworkRetries: 0 }

/** Changes the plan to what `sealed` offers. The refusals are told apart in `plan-change.ts`; with each the plan is as it was, but for `unsure`. */
export async function changePlan(
  membership: Membership,
  sealed: string,
  requester: Requester,
): Promise<Result<{ plan: PlanId; interval: Interval }, ChangeRefusal>> {
  const { organizationId } = membership
  const opened = openOffer(sealed, organizationId)
  if (!opened.ok) return err("stale")
  if (!isStripeSetUp()) return err("unavailable")
  return inTurn(`plan:${organizationId}`, async () => {
    const row = await currentSubscription(organizationId)
    const obstacle = await obstacleOf(organizationId, row)
    if (obstacle || !row) return err(obstacle ?? "none")
    const { plan, interval, toPriceId } = opened.value
    if (row.id === opened.value.subscriptionId && row.stripePriceId === toPriceId)
      return ok({ plan, interval })
    if (row.id !== opened.value.subscriptionId || row.stripePriceId !== opened.value.fromPriceId)
      return err("stale")
    const noted = (act: Act) => note(membership, act, row, opened.value, requester)
    const changed = await askFor(row, opened.value, () => noted("billing.plan_change_asked"))
    if (!changed.ok) return err(changed.error)
    if (changed.value.changed) await noted("billing.plan_changed")
    return ok({ plan, interval })
  })
}

/**
 * Looks before it asks: an offer that something was billed after is spent, whatever price the plan has again. Whose wish it is,
 * is noted before Stripe hears of it: after a crash in between the log still says who it was.
 */
async function askFor(
  row: Subscription,
  offer: Offer,
  noteWish: () => Promise<void>,
): Promise<Result<{ changed: boolean }, ChangeRefusal>> {
  const id = row.stripeSubscriptionId
  const found = await askOnce(lookPatience, options => stripe().subscriptions.retrieve(id, {}, options))
  if (!found.ok && found.error.kind !== "refused") return err("unavailable")
  if (!found.ok || !isStillAsOffered(found.value, offer)) {
    if (!(await hear(id))) return err("unavailable")
    if (await hasPrice(row, offer.toPriceId)) return ok({ changed: false })
    const { organizationId } = row
    return err((await obstacleOf(organizationId, await currentSubscription(organizationId))) ?? "stale")
  }
  // Somebody may have asked to close it while Stripe was looked at: then nothing more is charged.
  if (await isClosing(row.organizationId)) return err("closing")
  await noteWish()
  try {
    const answer = await stripe().subscriptions.update(
      id,
      {
        items: [{ id: offer.itemId, price: offer.toPriceId }],
        proration_behavior: "always_invoice",
        proration_date: offer.prorationDate,
        payment_behavior: "error_if_incomplete",
        expand: ["latest_invoice"],
      },
      { ...whileCharging, idempotencyKey: `plan:${row.id}:${offer.id}` },
    )
    // Said before, to this offer: on a connection that broke a moment ago, or in a change long past.
    if (isReplayed(answer)) await syncWithStripe(id)
    else await writeAnswer(row, answer)
    return (await hasPrice(row, offer.toPriceId)) ? ok({ changed: true }) : err("stale")
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal !== "unsure" && refusal !== "stale") return err(refusal)
    await hear(id)
    if (await hasPrice(row, offer.toPriceId)) return ok({ changed: refusal === "unsure" })
    if (refusal === "unsure") await hearSoon(id)
    return err(refusal)
  }
}

/** Source: https://docs.stripe.com/error-low-level#idempotency */
function isReplayed({ lastResponse }: Stripe.Response<Stripe.Subscription>): boolean {
  return lastResponse.headers["idempotent-replayed"] === "true"
}

async function hasPrice({ id }: Subscription, stripePriceId: string): Promise<boolean> {
  return (await db().subscription.count({ where: { id, stripePriceId } })) > 0
}

/** Source: https://docs.stripe.com/error-codes */
const confirmationCodes = [
  "subscription_payment_intent_requires_action",
  "invoice_payment_intent_requires_action",
  "authentication_required",
]

function wantsConfirmation({ code, decline_code }: Stripe.errors.StripeError): boolean {
  return [code, decline_code].some(word => word !== undefined && confirmationCodes.includes(word))
}

function refusalOf(error: unknown): ChangeRefusal {
  const trouble = stripeTrouble(error)
  if (!trouble) throw error
  log.warn({ kind: trouble.kind, trouble: trouble.words }, "a plan was not changed")
  if (error instanceof Stripe.errors.StripeError && wantsConfirmation(error)) return "to_confirm"
  if (error instanceof Stripe.errors.StripeCardError || trouble.status === 402) return "declined"
  if (trouble.kind === "refused") return "stale"
  return trouble.kind === "busy" ? "unavailable" : "unsure"
}

type Act = "billing.plan_change_asked" | "billing.plan_changed"

async function note(
  { organizationId, userId }: Membership,
  act: Act,
  before: Subscription,
  { plan, interval }: Offer,
  { clientAddress }: Requester,
): Promise<void> {
  const from = { fromPlan: before.plan, fromInterval: before.interval }
  await writeAudit(db(), {
    organizationId,
    actorUserId: userId,
    act,
    target: before.stripeSubscriptionId,
    detail: { ...from, plan, interval },
    clientAddress,
  })
}
