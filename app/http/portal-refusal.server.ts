import type { PortalRefusal } from "~/domain/billing/portal.server"
import { type FailureCode, failures } from "~/http/failures.server"

/** Why Stripe's portal does not open, in the words of pages and programs. */
export function sayPortalRefusal(refusal: PortalRefusal): { code: FailureCode; words: string } {
  switch (refusal) {
    case "no_customer":
      return { code: "no_plan", words: failures.no_plan[1] }
    case "not_configured":
      return { code: "not_configured", words: failures.not_configured[1] }
    case "unavailable":
      return { code: "stripe_unreachable", words: failures.stripe_unreachable[1] }
  }
}
