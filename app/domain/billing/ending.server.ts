/**
 * Ending a plan with what is paid for, and taking that back [B10]. Stripe is asked first and its answer written at once; the
 * event that follows finds nothing new. Both are wishes of what should be, so that asking twice is asking once. While an
 * organisation is being closed neither is possible: closing has ended the plan itself, and takes it back itself.
 */
import type Stripe from "stripe"
import type { Requester } from "~/domain/accounts/requester"
import { accessOf } from "~/domain/billing/access-of.server"
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
import { defineLimit } from "~/platform/rate-limit.server"
import { glance, isStripeSetUp, stripe, stripeTrouble, whileSomeoneWaits } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** An unpaid or paused plan has nothing left to run out; its owner finds the way out in Stripe's portal. */
const endable = ["active", "trialing", "past_due"]

/** Each end that is set, and each that is taken back, mails every owner and the billing address. */
const changes = defineLimit({ name: "plan-ends", points: () => 6, seconds: 24 * 60 * 60, durable: true })

/** Milliseconds somebody is kept waiting. What takes longer goes on, and its answer is written all the same. */
const patience = 11_000

/** How the end of an organisation's plan stands, as far as we know. */
export async function endingOf({ organizationId }: Membership): Promise<Ending> {
  const row = await currentSubscription(organizationId)
  if (row?.status === "unpaid" || row?.status === "paused")
    return { state: "stopped", paused: row.status === "paused" }
  if (!row || !endable.includes(row.status)) return { state: "nothing" }
  const plan = isPlanId(row.plan) ? row.plan : null
  const interval = isInterval(row.interval) ? row.interval : "month"
  if (row.cancelAt) return { state: "ends", plan, interval, endsAt: row.cancelAt }
  const trial = row.status === "trialing"
  const { level, banner } = await accessOf(organizationId)
  const unpaid = row.status === "past_due" ? { level, until: banner?.until ?? null } : null
  return { state: "goes_on", plan, interval, wouldEndAt: row.currentPeriodEnd, trial, unpaid }
}

/**
 * Lets the plan end with the period that is paid for. Returns when that is. `too_many`, here as in taking it back: the seventh
 * change of this person within a day.
 */
export async function endPlan(
  membership: Membership,
  requester: Requester,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  return change(membership, requester, "billing.end_set", now =>
    endsAtStripe(now) ? undefined : { cancel_at_period_end: true },
  )
}

/** Lets a plan go on that was set to end. */
export async function keepPlan(
  membership: Membership,
  requester: Requester,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  return change(membership, requester, "billing.end_taken_back", now => {
    if (!endsAtStripe(now)) return undefined
    // The portal sets a date, we set the flag, and either is taken back only by itself.
    return now.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: "" }
  })
}

/** What to ask of Stripe, seeing how it stands there; our row may be behind. */
type Wish = (now: Stripe.Subscription) => Stripe.SubscriptionUpdateParams | undefined

function endsAtStripe({ cancel_at, cancel_at_period_end }: Stripe.Subscription): boolean {
  return cancel_at !== null || cancel_at_period_end
}

async function change(
  membership: Membership,
  requester: Requester,
  act: "billing.end_set" | "billing.end_taken_back",
  wish: Wish,
): Promise<Result<{ endsAt: Date | null }, EndingRefusal>> {
  const asked = await askOnce(patience, () =>
    inTurn(`plan:${membership.organizationId}`, () => changeNow(membership, requester, act, wish)),
  )
  return asked.ok ? asked.value : err("unavailable")
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
  const asked = await askFor(row, wish, membership.userId)
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

async function askFor(
  row: Subscription,
  wish: Wish,
  userId: string,
): Promise<Result<{ changed: boolean }, EndingRefusal>> {
  const id = row.stripeSubscriptionId
  try {
    const wanted = wish(await stripe().subscriptions.retrieve(id, {}, whileSomeoneWaits))
    if (!wanted) {
      await syncWithStripe(id, glance)
      return ok({ changed: false })
    }
    if (!(await changes.consume(userId)).ok) return err("too_many")
    await writeAnswer(row, await stripe().subscriptions.update(id, wanted, whileSomeoneWaits))
    return ok({ changed: true })
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "a plan’s end could not be changed")
    if (trouble.kind !== "refused") return err("unavailable")
    // It has ended meanwhile, most likely: the page should say so.
    await syncWithStripe(id, glance)
    return err("nothing_to_end")
  }
}
