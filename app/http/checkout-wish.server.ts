import type { AppLoadContext } from "@remix-run/node"
import type { CheckoutRefusal, CheckoutRequest } from "~/domain/billing/checkout.server"
import type { CheckoutWish } from "~/domain/billing/schemas"
import { type FailureCode, failures } from "~/http/failures.server"
import { optionalSession, requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { whyNotBuyCodes, whyNotBuyWords } from "~/http/why-not-buy-words.server"
import { err, ok, type Result } from "~/lib/result"

export type FieldErrors = Record<string, string[]>

/**
 * Who buys what for whom, from a wish and the session. For an existing organisation the right to manage its billing is
 * checked here; someone signed in always buys with their own address. Fails with the fields that are missing.
 */
export async function checkoutRequestOf(
  request: Request,
  context: AppLoadContext,
  wish: CheckoutWish,
): Promise<Result<CheckoutRequest, FieldErrors>> {
  const { plan, interval } = wish
  const requester = requesterOf(request, context)
  if (wish.organization) {
    const { signedIn, membership } = await requireMembership(request, wish.organization, "billing.manage")
    const { email, userId } = signedIn
    const { organizationId, organization } = membership
    return ok({ plan, interval, email, businessName: organization.name, organizationId, userId, requester })
  }
  const signedIn = optionalSession(request)
  const email = signedIn?.email ?? wish.email
  if (email && wish.businessName) {
    return ok({ plan, interval, email, businessName: wish.businessName, userId: signedIn?.userId, requester })
  }
  return err({
    ...(!wish.businessName && { businessName: ["Enter the name of your business."] }),
    ...(!email && { email: ["Enter your e-mail address."] }),
  })
}

export type SaidRefusal = {
  code: FailureCode
  words: string
  fields?: FieldErrors
  retryAfterSeconds?: number
}

/** A refused checkout in the words of pages and programs. */
export function sayCheckoutRefusal(refusal: CheckoutRefusal): SaidRefusal {
  switch (refusal.code) {
    case "too_many":
      return {
        code: "too_many_requests",
        words: failures.too_many_requests[1],
        retryAfterSeconds: refusal.retryAfterSeconds,
      }
    case "invalid_address": {
      const fields = { email: ["Enter an e-mail address, such as name@example.com."] }
      return { code: "invalid_input", words: failures.invalid_input[1], fields }
    }
    case "not_configured":
      return { code: "not_configured", words: failures.not_configured[1] }
    case "unavailable":
      return { code: "stripe_unreachable", words: failures.stripe_unreachable[1] }
    default:
      return { code: whyNotBuyCodes[refusal.code], words: whyNotBuyWords(refusal.code) }
  }
}
