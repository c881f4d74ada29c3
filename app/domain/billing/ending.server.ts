/**
 * Ending a plan with what is paid for, and taking that back [B10]. Stripe is asked first and its answer written at once; the
 * event that follows finds nothing new. Both are wishes of what should be, so that asking twice is asking once. While an
 * organisation is being closed neither is possible: closing has ended the plan itself, and takes it back itself.
 */
import type Stripe from "stripe"
import type { Requester } from "~/domain/accounts/requester"
import { isClosing } from "~/domain/billing/closing.server"
import { currentSubscription, writeAnswer } from "~/domain/billing/current-subscription.server"
import type { Ending, EndingRefusal } from "~/domain/billing/ending"
import { inTurn } from "~/domain/billing/in-turn"
import { isInterval, isPlanId } from "~/domain/billing/plans"
import { syncWithStripe } from "~/domain/billing/wind-down.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe, stripeTrouble, whileSomeoneWaits } from "~/platform/stripe.server"

/** An unpaid or paused plan has nothing left to run out; its owner finds the way out in Stripe's portal. */
const endable = ["active", "trialing", "past_due"]

/** How the end of an organisation's plan stands, as far as we know. */
export async function endingOf({ organizationId }: Membership): Promise<Ending> {
  const row = await currentSubscription(organizationId)
  if (!row || !endable.includes(row.status)) return { state: "nothing" }
  const plan = isPlanId(row.plan) ? row.plan : null
  const interval = isInterval(row.interval) ? row.interval : "month"
  if (row.cancelAt) return { state: "ends", plan, interval, endsAt: row.cancelAt }
  const trial = row.status === "trialing"
  return { state: "goes_on", plan, interval, wouldEndAt: row.currentPeriodEnd, trial }
}

/** Lets the plan end with the period that is paid for. Returns when that is. */
export async function endPlan(
  membership: Membership,
  requester: Requester,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  return change(membership, requester, "billing.end_set", row =>
    row.cancelAt ? undefined : { cancel_at_period_end: true },
  )
}

/** Lets a plan go on that was set to end. */
export async function keepPlan(
  membership: Membership,
  requester: Requester,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  return change(membership, requester, "billing.end_taken_back", (row, now) => {
    if (!row.cancelAt) return undefined
    // The portal sets a date, we set the flag, and either is taken back only by itself.
    return now.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: "" }
  })
}

type Wish = (row: Subscription, now: Stripe.Subscription) => Stripe.SubscriptionUpdateParams | undefined

async function change(
  membership: Membership,
  requester: Requester,
  act: "billing.end_set" | "billing.end_taken_back",
  wish: Wish,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  return inTurn(`plan:${membership.organizationId}`, () => changeNow(membership, requester, act, wish))
}

async function changeNow(
  membership: Membership,
  requester: Requester,
  act: "billing.end_set" | "billing.end_taken_back",
  wish: Wish,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  const { organizationId } = membership
  if (await isClosing(organizationId)) return err("closing")
  const row = await currentSubscription(organizationId)
  if (!row || !endable.includes(row.status)) return err("nothing_to_end")
  if (!isStripeSetUp()) return err("unavailable")
  const asked = await askFor(row, wish)
  if (!asked.ok) return err(asked.error)
  const { cancelAt } = await db().subscription.findUniqueOrThrow({ where: { id: row.id } })
  if (asked.value.changed) {
    await writeAudit(db(), {
      organizationId,
      actorUserId: membership.userId,
      act,
      target: row.stripeSubscriptionId,
      detail: { plan: row.plan, endsAt: (cancelAt ?? row.cancelAt)?.toISOString() ?? null },
      clientAddress: requester.clientAddress,
    })
  }
  return ok({ endsAt: cancelAt })
}

async function askFor(row: Subscription, wish: Wish): Promise<Result<{ changed: boolean }, EndingRefusal>> {
  const id = row.stripeSubscriptionId
  try {
    const wanted = wish(row, await stripe().subscriptions.retrieve(id, {}, whileSomeoneWaits))
    if (!wanted) return ok({ changed: false })
    await writeAnswer(row, await stripe().subscriptions.update(id, wanted, whileSomeoneWaits))
    return ok({ changed: true })
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "a plan’s end could not be changed")
    if (trouble.kind !== "refused") return err("unavailable")
    // It has ended meanwhile, most likely: the page should say so.
    await syncWithStripe(id)
    return err("nothing_to_end")
  }
}
