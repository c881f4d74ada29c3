import { isLive } from "~/domain/billing/access"
import { currentSubscription } from "~/domain/billing/current-subscription.server"
import {
  forgetPortalConfiguration,
  portalConfigurationId,
} from "~/domain/billing/portal-configuration.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { billingPaths } from "~/lib/billing-paths"
import { err, ok, type Result } from "~/lib/result"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe, stripeTrouble, whileSomeoneWaits } from "~/platform/stripe.server"

export type PortalRefusal = "not_configured" | "no_customer" | "unavailable"

/** A page of the portal that does one thing and leads back. */
export const portalFlows = ["payment_method", "cancel", "plan"] as const
export type PortalFlow = (typeof portalFlows)[number]

export function isPortalFlow(asked: unknown): asked is PortalFlow {
  return portalFlows.some(known => known === asked)
}

/**
 * The address of Stripe's customer portal for an organisation [B10]; it returns to the billing page. The caller has checked
 * that this member may manage billing. Of several subscriptions the one given decides whose portal it is, else the one that
 * counts. With a `flow` it opens at that one page, or at the whole where that page has nothing to do. `no_customer`: nothing was ever bought; `unavailable`: try again.
 */
export async function openPortal(
  membership: Membership,
  { subscriptionId, flow }: { subscriptionId?: string; flow?: PortalFlow } = {},
): Promise<Result<{ url: string }, PortalRefusal>> {
  if (!isStripeSetUp()) return err("not_configured")
  const plan = await planFor(membership.organizationId, subscriptionId)
  const customer = plan?.stripeCustomerId ?? (subscriptionId ? null : await customerOf(membership))
  if (!customer) return err("no_customer")
  try {
    const configuration = await portalConfigurationId(whileSomeoneWaits)
    const return_url = `${env().appUrl}${billingPaths.fromPortal(membership.organization.slug)}`
    const session = await stripe().billingPortal.sessions.create(
      {
        customer,
        return_url,
        ...(configuration && { configuration }),
        flow_data: flow && flowData(flow, plan, return_url),
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

/** Undefined for what Stripe refuses to open. Source: https://docs.stripe.com/customer-management/portal-deep-links */
function flowData(flow: PortalFlow, plan: Subscription | undefined, return_url: string) {
  const after_completion = { type: "redirect", redirect: { return_url } } as const
  if (flow === "payment_method") return { type: "payment_method_update", after_completion } as const
  if (!plan || !isLive(plan.status) || plan.cancelAt) return undefined
  const target = { subscription: plan.stripeSubscriptionId }
  return flow === "cancel"
    ? ({ type: "subscription_cancel", subscription_cancel: target, after_completion } as const)
    : ({ type: "subscription_update", subscription_update: target, after_completion } as const)
}

/** The subscription that is asked for, else the one that counts; two checkouts at once may have made two. */
async function planFor(organizationId: string, id?: string): Promise<Subscription | undefined> {
  if (!id) return currentSubscription(organizationId)
  return (await db().subscription.findFirst({ where: { id, organizationId } })) ?? undefined
}

async function customerOf({ organizationId: id }: Membership): Promise<string | null> {
  const organization = await db().organization.findUnique({ where: { id } })
  return organization?.stripeCustomerId ?? null
}
