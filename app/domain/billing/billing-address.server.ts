/**
 * Where mail about payments goes besides the owners [O12]. A change is told to the address that had it (to the owners where
 * none had) and to the one that has it now, and Stripe is told by a job, because Stripe sends receipts itself.
 */
import { type Address, addressKey } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { followBillingAddress } from "~/domain/billing/customer-address.server"
import { queueMail } from "~/domain/mail/outbox.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOwners } from "~/domain/organizations/owners.server"
import { plainName } from "~/domain/organizations/plain-name"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

const day = 24 * 60 * 60

/** Each change mails somebody who may be a stranger: enough for typing mistakes, too few for a mail cannon. */
const changes = defineLimit({ name: "billing-address", points: () => 5, seconds: day, durable: true })
const perMailbox = defineLimit({
  name: "billing-address-mailbox",
  points: () => 3,
  seconds: day,
  durable: true,
})

/** The billing address of an organisation; null when mail about payments goes to the owners alone. */
export async function billingAddressOf(membership: Membership): Promise<string | null> {
  const organization = await db().organization.findUniqueOrThrow({
    where: { id: membership.organizationId },
    select: { billingEmail: true },
  })
  return organization.billingEmail
}

/**
 * Sets the billing address, or takes it out with `undefined`. Says whether that was a change; the same again writes nothing.
 * Fails after five changes in a day, or three to one mailbox, and with `changed` when the person may not do so any more.
 */
export async function changeBillingAddress(
  membership: Membership,
  address: Address | undefined,
  requester: Requester,
): Promise<Result<{ changed: boolean }, TooMany | "changed">> {
  const to = address?.canonical ?? null
  if (to === (await billingAddressOf(membership))) return ok({ changed: false })
  const ofPlace = await changes.consume(membership.organizationId)
  const allowed = ofPlace.ok && to ? await perMailbox.consume(addressKey(to)) : ofPlace
  if (!allowed.ok) return err(allowed.error)
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "billing.manage"))) return err("changed")
    const { organizationId: id } = membership
    const { billingEmail: from } = await tx.organization.findUniqueOrThrow({ where: { id } })
    if (from === to) return ok({ changed: false })
    await tx.organization.updateMany({
      where: { id, billingEmail: from },
      data: { billingEmail: to, updatedAt: now() },
    })
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: membership.userId,
      act: "billing.address_changed",
      target: to ?? "",
      detail: { from, to },
      clientAddress: requester.clientAddress,
    })
    await tell(tx, membership, { from, to })
    await followBillingAddress.enqueue(tx, { organizationId: id })
    return ok({ changed: true })
  })
}

async function tell(
  tx: Tx,
  { organizationId, userId }: Membership,
  { from, to }: { from: string | null; to: string | null },
): Promise<void> {
  const { name } = await tx.organization.findUniqueOrThrow({ where: { id: organizationId } })
  const by = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  const byName = plainName(by.name || by.email)
  const parameters = { organizationName: plainName(name), byName }
  if (from) {
    await queueMail(tx, { template: "billing_address_withdrawn", to: from, parameters, organizationId })
  } else if (to) {
    await tellOwners(tx, organizationId, organization => ({
      template: "billing_address_added",
      parameters: { ...organization, byName, billingEmail: to },
    }))
  }
  const isOwner = await tx.membership.count({
    where: { organizationId, role: "owner", user: { email: to ?? "" } },
  })
  if (to && isOwner === 0)
    await queueMail(tx, { template: "billing_address_given", to, parameters, organizationId })
}
