import { accessOf } from "~/domain/billing/access-of.server"
import {
  forgetPortalConfiguration,
  portalConfigurationId,
} from "~/domain/billing/portal-configuration.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { paths } from "~/lib/paths"
import { err, ok, type Result } from "~/lib/result"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, stripe, stripeTrouble, whileSomeoneWaits } from "~/platform/stripe.server"

export type PortalRefusal = "not_configured" | "no_customer" | "unavailable"

/** A page of the portal that does one thing and leads back. */
export type PortalFlow = "payment_method"

/**
 * The address of Stripe's customer portal for an organisation [B10]; it returns to the billing page. The caller has checked
 * that this member may manage billing. Of several subscriptions the one given decides whose portal it is, else the one that
 * counts. With a `flow` it opens at that one page. `no_customer`: nothing was ever bought; `unavailable`: try again.
 */
export async function openPortal(
  membership: Membership,
  { subscriptionId, flow }: { subscriptionId?: string; flow?: PortalFlow } = {},
): Promise<Result<{ url: string }, PortalRefusal>> {
  if (!isStripeSetUp()) return err("not_configured")
  const customer = await customerOf(membership.organizationId, subscriptionId)
  if (!customer) return err("no_customer")
  try {
    const configuration = await portalConfigurationId(whileSomeoneWaits)
    const return_url = `${env().appUrl}${paths.organization.billing(membership.organization.slug)}`
    const session = await stripe().billingPortal.sessions.create(
      {
        customer,
        return_url,
        ...(configuration && { configuration }),
        ...(flow && { flow_data: flowData(return_url) }),
      },
      whileSomeoneWaits,
    )
    return ok({ url: session.url })
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    // It may have been switched off since: the next try looks again.
    if (trouble.kind === "refused") forgetPortalConfiguration()
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "portal could not be opened")
    return err("unavailable")
  }
}

/** Source: https://docs.stripe.com/customer-management/portal-deep-links */
function flowData(return_url: string) {
  return {
    type: "payment_method_update",
    after_completion: { type: "redirect", redirect: { return_url } },
  } as const
}

/** The customer who pays for a subscription; two checkouts at once may have made two. */
async function customerOf(organizationId: string, subscriptionId?: string): Promise<string | null> {
  if (subscriptionId) {
    const asked = await db().subscription.findFirst({ where: { id: subscriptionId, organizationId } })
    return asked?.stripeCustomerId ?? null
  }
  const { customerId } = await accessOf(organizationId)
  if (customerId) return customerId
  const organization = await db().organization.findUnique({ where: { id: organizationId } })
  return organization?.stripeCustomerId ?? null
}
