/**
 * Letting a paused plan go on [B7]. It takes a way of paying, and is charged from that day; Stripe does not resume by itself when a
 * card is added. Stripe is asked first and its answer written at once.
 * Source: https://docs.stripe.com/billing/subscriptions/trials/free-trials#resume-a-paused-subscription
 */
import type Stripe from "stripe"
import type { Requester } from "~/domain/accounts/requester"
import { isClosing } from "~/domain/billing/closing.server"
import { currentSubscription, writeAnswer } from "~/domain/billing/current-subscription.server"
import { inTurn } from "~/domain/billing/in-turn"
import { syncWithStripe } from "~/domain/billing/wind-down.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { glance, isStripeSetUp, stripe, stripeTrouble, whileSomeoneWaits } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** `no_way_of_paying`: a card comes first. `declined`: it stays paused. `changed`: whoever asked may not any more. */
export type ResumeRefusal =
  | "not_paused"
  | "no_way_of_paying"
  | "declined"
  | "closing"
  | "changed"
  | "unavailable"

/** Milliseconds somebody is kept waiting. What takes longer goes on, and its answer is written all the same. */
const patience = 11_000

/** Resumes an organisation's paused plan; a new period begins and is charged. Twice is once. */
export async function resumePlan(
  membership: Membership,
  requester: Requester,
): Promise<Result<void, ResumeRefusal>> {
  const asked = await askOnce(patience, () => resumeInTurn(membership, requester))
  return asked.ok ? asked.value : err("unavailable")
}

async function resumeInTurn(
  membership: Membership,
  requester: Requester,
): Promise<Result<void, ResumeRefusal>> {
  const { organizationId } = membership
  return inTurn(`plan:${organizationId}`, async () => {
    if (await isClosing(organizationId)) return err("closing")
    if (!(await stillMay(db(), membership, "billing.manage"))) return err("changed")
    const row = await currentSubscription(organizationId)
    if (row?.status !== "paused") return err("not_paused")
    if (!isStripeSetUp()) return err("unavailable")
    const resumed = await resume(row)
    if (resumed.ok) {
      await writeAudit(db(), {
        organizationId,
        actorUserId: membership.userId,
        act: "billing.plan_resumed",
        target: row.stripeSubscriptionId,
        detail: { plan: row.plan },
        clientAddress: requester.clientAddress,
      })
    }
    return resumed
  })
}

async function resume(row: Subscription): Promise<Result<void, ResumeRefusal>> {
  const id = row.stripeSubscriptionId
  try {
    const before = await stripe().subscriptions.retrieve(id, { expand: ["customer"] }, whileSomeoneWaits)
    if (before.status !== "paused") {
      await syncWithStripe(id, glance)
      return err("not_paused")
    }
    if (!hasWayOfPaying(before)) return err("no_way_of_paying")
    await writeAnswer(row, await stripe().subscriptions.resume(id, {}, whileSomeoneWaits))
    // What the answer does not hold yet, such as the invoice of the new period.
    await syncWithStripe(id, glance)
    const { status } = await db().subscription.findUniqueOrThrow({ where: { id: row.id } })
    return status === "active" || status === "trialing" ? ok(undefined) : err("declined")
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "a paused plan could not be resumed")
    return err(trouble.kind === "refused" ? "declined" : "unavailable")
  }
}

function hasWayOfPaying({ default_payment_method, default_source, customer }: Stripe.Subscription): boolean {
  if (default_payment_method ?? default_source) return true
  if (typeof customer === "string" || customer.deleted) return false
  return Boolean(customer.invoice_settings.default_payment_method ?? customer.default_source)
}
