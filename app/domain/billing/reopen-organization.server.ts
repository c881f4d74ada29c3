/**
 * Taking a closing back [O11]: while it still waits for Stripe it is called off, within the grace the organisation is restored,
 * with everything in it. One conditional write decides, against the closing and against the erasure: whoever comes after the
 * grace is over is too late, and an erasure begins only then.
 *
 * The plans that closing let run out go on again, by a job that asks Stripe. What has ended meanwhile is gone; the owners are
 * told so.
 */
import type { Requester } from "~/domain/accounts/requester"
import type { PlanOnReopening } from "~/domain/billing/closing"
import { beingClosed, notClosing } from "~/domain/billing/closing.server"
import { forgetTrouble } from "~/domain/billing/closing-trouble.server"
import { planOnReopening } from "~/domain/billing/closure-view.server"
import { inTurn } from "~/domain/billing/in-turn"
import { definePatientJob, needStripe } from "~/domain/billing/patient-job.server"
import { syncWithStripe } from "~/domain/billing/wind-down.server"
import { restore } from "~/domain/organizations/archive.server"
import { reasonsToArchive } from "~/domain/organizations/archived"
import { type HoldReason, isHoldReason } from "~/domain/organizations/hold-reasons"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOwners } from "~/domain/organizations/owners.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"
import { stripe, stripeTrouble } from "~/platform/stripe.server"

/** `stillArchived`: the other reasons, for which it stays archived all the same. */
export type Reopened = {
  outcome: "called_off" | "restored"
  plan: PlanOnReopening
  stillArchived: HoldReason[]
}

/** Lets the plans go on that closing let run out, once nobody wants the organisation closed any more. */
export const resumePlans = definePatientJob({
  kind: "organization.resume-plans",
  run: organizationId => inTurn(`closing:${organizationId}`, () => resumeAll(organizationId)),
  onWait: async () => {},
})

/** Calls a closing off, or restores a closed organisation. `too_late`: the grace is over. `not_closing`: it is open already. `changed`: who acts is no owner any more. */
export async function reopenOrganization(
  membership: Membership,
  requester: Requester,
): Promise<Result<Reopened, "too_late" | "not_closing" | "changed">> {
  const { organizationId: id, userId } = membership
  const by = { byUserId: userId, clientAddress: requester.clientAddress }
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "organization.close"))) return err("changed")
    const outcome = await takeBack(tx, id)
    if (!outcome) return err((await isClosed(tx, id)) ? "too_late" : "not_closing")
    if (outcome === "restored") await restore(tx, id, "closing", by)
    const holds = await tx.archiveHold.findMany({ where: { organizationId: id }, orderBy: { at: "asc" } })
    const stillArchived = holds.map(({ because }) => because).filter(isHoldReason)
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: userId,
      act: outcome === "restored" ? "organization.reopened" : "organization.closing_called_off",
      target: id,
      detail: stillArchived.length > 0 ? { stillArchived: stillArchived.join(",") } : {},
      clientAddress: requester.clientAddress,
    })
    const plan = await planOnReopening(tx, id)
    await resumePlans.enqueue(tx, { organizationId: id })
    if (outcome === "restored") await tellOfReopening(tx, id, userId, { plan, stillArchived })
    await forgetTrouble(id, tx)
    return ok({ outcome, plan, stillArchived })
  })
}

async function takeBack(tx: Tx, id: string): Promise<Reopened["outcome"] | undefined> {
  const calledOff = await tx.organization.updateMany({
    where: { id, ...beingClosed, closedAt: null },
    data: notClosing,
  })
  if (calledOff.count > 0) return "called_off"
  const restored = await tx.organization.updateMany({
    where: { id, closedAt: { not: null }, eraseAt: { gt: now() } },
    data: notClosing,
  })
  return restored.count > 0 ? "restored" : undefined
}

async function isClosed(tx: Tx, id: string): Promise<boolean> {
  return (await tx.organization.count({ where: { id, ...beingClosed } })) > 0
}

async function tellOfReopening(
  tx: Tx,
  id: string,
  userId: string,
  { plan, stillArchived }: Omit<Reopened, "outcome">,
): Promise<void> {
  const by = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  await tellOwners(tx, id, organization => ({
    template: "organization_reopened",
    parameters: {
      ...organization,
      reopenedBy: by.name || by.emailTyped,
      planGone: plan === "gone",
      stillArchived: reasonsToArchive(stillArchived),
    },
  }))
}

async function resumeAll(organizationId: string): Promise<void> {
  const organization = { id: organizationId, closeRequestedAt: null }
  const rows = await db().subscription.findMany({ where: { endedByClosingAt: { not: null }, organization } })
  for (const row of rows) {
    needStripe()
    await resume(row)
    await db().subscription.updateMany({
      where: { id: row.id, organization },
      data: { endedByClosingAt: null },
    })
  }
}

/** Nothing is left to take back when it has ended meanwhile. */
async function resume({ id, stripeSubscriptionId }: Subscription): Promise<void> {
  await syncWithStripe(stripeSubscriptionId)
  const { endedAt, cancelAt } = await db().subscription.findUniqueOrThrow({ where: { id } })
  if (endedAt || !cancelAt) return
  try {
    await stripe().subscriptions.update(stripeSubscriptionId, { cancel_at_period_end: false })
  } catch (error) {
    if (stripeTrouble(error)?.kind !== "refused") throw error
  }
  await syncWithStripe(stripeSubscriptionId)
}
