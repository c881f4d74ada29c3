/**
 * What a paid checkout becomes [B2], in one transaction: the organisation, its owner, the subscription, the row of the guided
 * set-up and one mail. One conditional update decides between webhook and landing page; the loser writes nothing. A stranger
 * gets an activation link, someone whose mailbox was proven before a sign-in link: either way only the mailbox leads in.
 */
import { endSessionsOf } from "~/domain/accounts/sessions.server"
import { findOrCreateUser } from "~/domain/accounts/users.server"
import type { Effect } from "~/domain/billing/effect.server"
import { tellOfTwoPlans } from "~/domain/billing/paid-twice.server"
import { isPlanId, plans } from "~/domain/billing/plans"
import { closeRivals } from "~/domain/billing/rival-checkouts.server"
import type { Snapshot } from "~/domain/billing/snapshot.server"
import { addSubscription } from "~/domain/billing/subscriptions.server"
import { claimTrial } from "~/domain/billing/trials.server"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { createOrganization } from "~/domain/organizations/organizations.server"
import { plainName } from "~/domain/organizations/plain-name"
import { paths } from "~/lib/paths"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import type { Checkout, User } from "~/platform/models.server"

export type Purchase = { sessionId: string; snapshot: Snapshot }

/** What `provision` says to whoever comes second. */
export const provisionedBefore: Effect = { state: "done", effect: "provisioned before" }

type Place = { id: string; slug: string; name: string }

/** Provisions a paid checkout, once: a second call, also at the same moment, changes nothing and says so. */
export async function provision(tx: Tx, { id }: { id: string }, purchase: Purchase): Promise<Effect> {
  const at = now()
  const taken = await tx.checkout.updateMany({
    where: { id, provisionedAt: null },
    data: {
      state: "provisioned",
      provisionedAt: at,
      stripeSessionId: purchase.sessionId,
      requestKey: null,
      updatedAt: at,
    },
  })
  if (taken.count === 0) return provisionedBefore
  const checkout = await tx.checkout.findUniqueOrThrow({ where: { id } })
  const buyer = await buyerOf(tx, checkout)
  const place = await placeFor(tx, checkout, buyer)
  await tx.checkout.update({
    where: { id: checkout.id },
    data: { organizationId: place.id, userId: buyer.id },
  })
  await addSubscription(tx, place.id, purchase.snapshot)
  await tx.onboarding.upsert({
    where: { organizationId: place.id },
    create: { organizationId: place.id, startedAt: at },
    update: {},
  })
  await writeAudit(tx, {
    organizationId: place.id,
    actorUserId: buyer.id,
    act: "billing.plan_bought",
    target: purchase.snapshot.stripeSubscriptionId,
    detail: { plan: purchase.snapshot.plan, interval: purchase.snapshot.interval },
  })
  await mailBuyer(tx, checkout, buyer, place)
  const trial = await claimTrial(tx, checkout, place.id, purchase.snapshot)
  if (checkout.organizationId) await closeRivals.enqueue(tx, { checkoutId: id, which: "others" })
  await reportOddities(tx, buyer, place)
  failpoint("provisioning.before-commit")
  return { state: "done", effect: `provisioned ${place.slug}${trial}`, changed: true, provisioned: true }
}

/** The signed-in buyer, else the person of the address they paid with, made if need be. */
async function buyerOf(tx: Tx, checkout: Checkout): Promise<User> {
  const signedIn = checkout.userId ? await tx.user.findUnique({ where: { id: checkout.userId } }) : null
  if (signedIn) return signedIn
  const buyer = await findOrCreateUser(tx, { canonical: checkout.email, typed: checkout.emailTyped })
  // Whoever is signed in to an unproven account has not shown that the mailbox is theirs: the plan is not for them [S7].
  if (!buyer.provenAt) await endSessionsOf(tx, buyer.id)
  return buyer
}

/** The organisation bought for; a new one, with the buyer as its owner, unless it exists. */
async function placeFor(tx: Tx, checkout: Checkout, buyer: User): Promise<Place> {
  if (checkout.organizationId) {
    return tx.organization.findUniqueOrThrow({
      where: { id: checkout.organizationId },
      select: { id: true, slug: true, name: true },
    })
  }
  const made = await createOrganization(tx, { name: checkout.businessName, ownerId: buyer.id })
  return { ...made, name: checkout.businessName }
}

/** Mails the buyer the way in. Once per purchase, but for corrections, each of which has a name. */
export async function mailBuyer(
  tx: Tx,
  checkout: Checkout,
  buyer: User,
  place: Place,
  correction?: string,
): Promise<void> {
  const planName = isPlanId(checkout.plan) ? plans[checkout.plan].name : checkout.plan
  await queueMail(tx, {
    template: buyer.provenAt ? "purchase_existing_user" : "activation",
    to: buyer.email,
    parameters: { organizationName: plainName(place.name), planName },
    link: { userId: buyer.id, organizationId: place.id, redirectTo: paths.onboarding(place.slug) },
    dedupeKey: correction ? `purchase:${checkout.id}:${correction}` : `purchase:${checkout.id}`,
  })
}

/** Nothing here stops a purchase that was paid for; the operator hears of what looks wrong. */
export async function reportOddities(tx: Tx, buyer: User, place: Place): Promise<void> {
  await tellOfTwoPlans(tx, place.id)
  if (buyer.disabledAt) {
    const alert = {
      title: `${place.name} was bought by someone who is shut out`,
      words: `${buyer.email} paid for a plan, but the account is disabled. Enable it, or refund the payment.`,
    }
    await raiseAlert(`disabled-buyer:${place.id}`, alert, tx)
  }
}
