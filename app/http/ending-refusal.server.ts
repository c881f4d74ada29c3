import type { EndingRefusal } from "~/domain/billing/ending"
import { failures } from "~/http/failures.server"

/** Why a plan's end was not changed. */
export const endingRefusals: Record<EndingRefusal, string> = {
  nothing_to_end: "There is no plan here that could be ended. It may have ended in the meantime.",
  closing: "This organisation is being closed, and its plan ends with it. Call the closing off first.",
  unavailable: failures.stripe_unreachable[1],
}
