import { isLive } from "~/domain/billing/access"
import { accessOf, type OrganizationAccess } from "~/domain/billing/access-of.server"
import type { BillingView, PaidPlan } from "~/domain/billing/billing-view"
import { isClosing } from "~/domain/billing/closing.server"
import { creditOf } from "~/domain/billing/credit.server"
import { currentSubscription } from "~/domain/billing/current-subscription.server"
import { debitOnItsWay } from "~/domain/billing/debit-on-its-way.server"
import { endingOf } from "~/domain/billing/ending.server"
import { latestInvoices } from "~/domain/billing/invoices.server"
import { nextChargeOf } from "~/domain/billing/next-charge.server"
import { obstacleOf } from "~/domain/billing/plan-preview.server"
import { currency, isInterval, isPlanId, plans } from "~/domain/billing/plans"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { unpaidOf } from "~/domain/billing/unpaid-invoices.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { mayHere } from "~/domain/organizations/roles"
import { seatsTaken } from "~/domain/organizations/seats.server"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"

/** How many invoices stand on the billing page itself. */
const latest = 3

/** What a member may see of their organisation's plan: members the plan, admins also its facts, who manages it what is paid. */
export async function billingViewOf(membership: Membership): Promise<BillingView> {
  const { organizationId, role } = membership
  const access = await accessOf(organizationId)
  const mayManage = mayHere(membership, "billing.manage")
  const { plan, status, level } = access
  const view = {
    plan,
    status,
    level,
    mayManage,
    hasCustomer: mayManage && access.customerId !== null,
    onItsWay: mayManage ? await planOnItsWay(organizationId) : null,
    paidPlans: mayManage ? await plansPaidTogether(organizationId) : [],
  }
  if (role === "member") return view
  const row = await currentSubscription(organizationId)
  const { members, invited } = await seatsTaken(db(), organizationId)
  const renews = (status === "active" || status === "trialing") && access.cancelAt === null
  return {
    ...view,
    details: {
      interval: access.interval,
      seats: { members, invited, limit: await seatLimitOf(organizationId) },
      price: row ? priceOf(row) : null,
      nextDate: renews ? access.currentPeriodEnd : null,
      trialEnd: status === "trialing" ? access.trialEnd : null,
      payBy: access.banner?.until ?? null,
      endsAt: level === "full" ? access.cancelAt : null,
    },
    paying: mayManage ? await payingOf(membership, row, access, renews) : undefined,
  }
}

async function planOnItsWay(organizationId: string): Promise<string | null> {
  const plan = (await debitOnItsWay(organizationId))?.plan
  return isPlanId(plan) ? plans[plan].name : (plan ?? null)
}

/** What Stripe charges; before it has said so, the table of plans. */
function priceOf({ status, plan, interval, periodAmount, currency: charged }: Subscription) {
  if (!isLive(status)) return null
  if (periodAmount !== null && charged !== null) return { amount: periodAmount, currency: charged }
  return isPlanId(plan) && isInterval(interval) ? { amount: plans[plan].cents[interval], currency } : null
}

async function payingOf(
  membership: Membership,
  row: Subscription | undefined,
  { banner }: OrganizationAccess,
  renews: boolean,
) {
  const { organizationId } = membership
  const [nextCharge, credit] = row ? await Promise.all([renews && nextChargeOf(row), creditOf(row)]) : []
  return {
    nextCharge: nextCharge || null,
    credit: credit ?? null,
    news: (await isClosing(organizationId)) ? null : (banner ?? null),
    unpaid: row ? await unpaidOf(row) : [],
    latest: await latestInvoices(membership, latest),
    mayChange: (await obstacleOf(organizationId, row)) === undefined,
    mayEnd: (await endingOf(membership)).state === "goes_on",
  }
}

/** Two payment pages paid at the same moment make two plans; nothing here ends one of them unasked. */
async function plansPaidTogether(organizationId: string): Promise<PaidPlan[]> {
  const rows = await db().subscription.findMany({
    where: { organizationId },
    orderBy: { stripeCreatedAt: "asc" },
  })
  const live = rows.filter(row => isLive(row.status) && row.cancelAt === null)
  if (live.length < 2) return []
  return live.map(({ id, plan, interval }) => ({
    subscriptionId: id,
    plan: isPlanId(plan) ? plan : null,
    interval: isInterval(interval) ? interval : "month",
  }))
}
