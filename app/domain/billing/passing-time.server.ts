import { followAllAccess } from "~/domain/billing/billing-hold.server"
import { mailWhatTimeMadeDue } from "~/domain/billing/follow-subscription.server"
import { mailMissingReceipts } from "~/domain/billing/receipts.server"
import { lastSweepAt } from "~/domain/billing/sweep.server"
import { fromNow } from "~/platform/clock.server"
import { log } from "~/platform/log.server"

/** A sweep is due every hour; beyond this Stripe, or we, have been away. In milliseconds. */
const heardWithin = 2 * 60 * 60 * 1000

/** Everything about plans that only time has changed [B7], [B14]. A second run changes nothing. */
export async function followTime(): Promise<void> {
  await followAllAccess()
  await mailWhatTimeMadeDue()
  await mailMissingReceipts()
}

/**
 * The same for each hour, once Stripe has been heard: nobody is archived, or told that a payment is missing, for one that came
 * while we could not know.
 */
export async function followTimeOnceHeard(): Promise<void> {
  const heard = await lastSweepAt()
  if (!heard || heard > fromNow(-heardWithin)) return followTime()
  log.info({ heard }, "stripe has not been heard lately: nothing is archived or told meanwhile")
}
