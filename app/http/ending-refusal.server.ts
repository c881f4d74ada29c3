import type { EndingRefusal } from "~/domain/billing/ending"
import type { ResumeRefusal } from "~/domain/billing/resume-plan.server"
import { failures } from "~/http/failures.server"

/** Why a plan's end was not changed. */
export const endingRefusals: Record<EndingRefusal, string> = {
  nothing_to_end: "There is no plan here that could be ended. It may have ended in the meantime.",
  closing: "This organisation is being closed, and its plan ends with it. Call the closing off first.",
  too_many:
    "You have ended and kept plans often today, and each time is mailed. Try again tomorrow, or press “Manage plan and payment”.",
  unavailable: failures.stripe_unreachable[1],
}

/** Why a paused plan was not resumed. */
export const resumingRefusals: Record<Exclude<ResumeRefusal, "no_way_of_paying">, string> = {
  not_paused: "The plan is not paused. This is how it stands.",
  declined: "The payment did not go through, so the plan stays paused. Try another way of paying.",
  closing: endingRefusals.closing,
  changed: failures.forbidden[1],
  unavailable: endingRefusals.unavailable,
}
