import { followAllAccess } from "~/domain/billing/billing-hold.server"
import { mailWhatTimeMadeDue } from "~/domain/billing/follow-subscription.server"
import { mailMissingReceipts } from "~/domain/billing/receipts.server"

/** For the start and each hour: everything about plans that only time has changed [B7], [B14]. A second run changes nothing. */
export async function followTime(): Promise<void> {
  await followAllAccess()
  await mailWhatTimeMadeDue()
  await mailMissingReceipts()
}
