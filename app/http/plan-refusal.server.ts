import type { ChangeRefusal, PreviewRefusal } from "~/domain/billing/plan-change"
import { failures } from "~/http/failures.server"

/** Why a plan was not changed, or cannot be. */
export const planRefusals: Record<ChangeRefusal | PreviewRefusal, string> = {
  none: "This organisation has no plan that could be changed. Choose one first.",
  unpaid: "A payment is missing. Sort it out first, then change the plan.",
  unconfirmed: "A payment waits to be confirmed. Confirm it first, then change the plan.",
  paused: "The plan is paused. Resume it first, then change it.",
  ending: "The plan is set to end. Keep it first, then change it.",
  closing: "This organisation is being closed, and its plan ends with it. Call the closing off first.",
  same: "This is the plan you have. Nothing has changed.",
  not_sold: "This plan cannot be bought at the moment. The operator of this site has to look into it.",
  collection_paused:
    "The operator of this site has set this plan’s payments aside for now. Ask them before you change it.",
  unavailable: failures.stripe_unreachable[1],
  stale:
    "The plan or its price may have changed since you looked. Nothing was charged: here is how it stands.",
  declined: "The plan is as it was, and nothing was charged. Update the way of paying, then try again.",
  to_confirm:
    "The plan is as it was, and nothing was charged. Choose the new plan on the payment provider’s page: your bank can ask you there.",
  unsure:
    "The payment provider broke off before it answered. If the plan was changed, it shows here within a few minutes. Wait for that before you try again.",
}
