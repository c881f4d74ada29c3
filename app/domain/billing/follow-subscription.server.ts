/**
 * What follows from how a subscription stands [B7], [B14]: the hold on an organisation that has not been paid for, and the mails
 * to its payers. It runs in the transaction that writes the row, and every hour for what only time has changed, and goes by the
 * row alone: a lost event delays a mail until the row is written, and two events write it once.
 *
 * A plan that closing lets run out is not spoken of, and neither is any plan of an organisation that is being closed: closing
 * has mails of its own.
 */
import { levelWithin } from "~/domain/billing/access-of.server"
import { followAccess } from "~/domain/billing/billing-hold.server"
import {
  mailPaymentFailed,
  mailPlanEnded,
  mailPlanEnding,
  mailPlanKept,
  mailTrialEnding,
} from "~/domain/billing/billing-mails.server"
import { mailDue } from "~/domain/billing/mails-due"
import { patience } from "~/domain/billing/patience.server"
import { isOrganizationToldOf } from "~/domain/billing/told.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"

/** How far ahead the round looks for trials that end; `mailDue` decides. */
const trialsWithin = 4 * 24 * 60 * 60 * 1000

/** Does what follows from a row that was just written over `before`, or made. */
export async function followSubscription(
  tx: Tx,
  before: Subscription | undefined,
  stripeSubscriptionId: string,
): Promise<void> {
  const row = await tx.subscription.findUniqueOrThrow({ where: { stripeSubscriptionId } })
  await followAccess(tx, row.organizationId)
  if (await isBeingClosed(tx, row)) return
  await mailWhatIsDue(tx, row)
  if (row.endedByClosingAt) return
  if (row.status === "canceled") {
    if (before?.status !== "canceled") {
      await mailPlanEnded(tx, row, { goesOn: (await levelWithin(tx, row.organizationId)) === "full" })
    }
  } else if (row.cancelAt && row.cancelAt > now() && +row.cancelAt !== +(before?.cancelAt ?? 0)) {
    await mailPlanEnding(tx, row, row.cancelAt)
  } else if (before?.cancelAt && !before.endedByClosingAt && !row.cancelAt) {
    await mailPlanKept(tx, row, before.cancelAt)
  }
}

/**
 * Mails what time alone has made due; nothing about a plan of which an event waits to be handled, which may be paid or over. Runs
 * on a schedule; a second run mails nothing more.
 */
export async function mailWhatTimeMadeDue(): Promise<void> {
  const rows = await db().subscription.findMany({
    where: {
      OR: [
        { status: { in: ["past_due", "unpaid"] } },
        { status: "trialing", trialEnd: { gt: now(), lt: fromNow(trialsWithin) } },
      ],
    },
  })
  for (const { id } of rows.filter(row => mailDue(row, now(), patience()))) {
    await transaction(async tx => {
      const row = await tx.subscription.findUnique({ where: { id } })
      if (!row || (await isBeingClosed(tx, row))) return
      if (!(await isOrganizationToldOf(tx, row.organizationId))) await mailWhatIsDue(tx, row)
    })
  }
}

async function mailWhatIsDue(tx: Tx, row: Subscription): Promise<void> {
  const due = mailDue(row, now(), patience())
  if (due?.mail === "payment_failed") await mailPaymentFailed(tx, row, due)
  if (due?.mail === "trial_ending") await mailTrialEnding(tx, row, due)
}

async function isBeingClosed(tx: Tx, { organizationId: id }: Subscription): Promise<boolean> {
  return (await tx.organization.count({ where: { id, closeRequestedAt: { not: null } } })) > 0
}
