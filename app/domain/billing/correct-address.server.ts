/**
 * Mending a mistyped address after paying [B3]. Only the browser that began the purchase may do it, and only as long as nobody
 * has got in with it: while a debit is on its way, and then while the buyer is a person this very purchase made, who never
 * proved the mailbox, never signed in and has nothing else. The old mailbox's links die, and the new one gets the mail. Whether
 * somebody has the new address already shows nowhere.
 */
import { type Address, maskAddress, parseAddress } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { endSessionsOf } from "~/domain/accounts/sessions.server"
import { findUserByEmail } from "~/domain/accounts/users.server"
import { mendCustomer } from "~/domain/billing/customer-address.server"
import { announceDebit } from "~/domain/billing/fulfilment.server"
import { mailBuyer, reportOddities } from "~/domain/billing/provisioning.server"
import { moveTrialClaim } from "~/domain/billing/trials.server"
import { addMember } from "~/domain/organizations/memberships.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { defineClientLimit } from "~/platform/client-limit.server"
import { now } from "~/platform/clock.server"
import { type Client, type Tx, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Checkout, User } from "~/platform/models.server"
import type { TooMany } from "~/platform/rate-limit.server"

export type Correction = {
  /** The checkout this browser is marked with. */
  checkoutId: string
  /** The Stripe session of the page the form stands on: it must be the same purchase. */
  sessionId: string
  /** As typed. */
  email: string
  requester: Requester
}

/** Each correction sends a mail; five an hour mend any typing mistake. */
const corrections = defineClientLimit({
  name: "address-corrections",
  points: () => 5,
  seconds: 60 * 60,
  durable: true,
})

/** Puts another address in place of the one that was bought with. `too_late`: somebody is in, or this is not their purchase. */
export async function correctAddress(
  correction: Correction,
): Promise<Result<Address, "invalid" | "too_late" | TooMany>> {
  const { checkoutId: id, sessionId: stripeSessionId, email, requester } = correction
  const address = parseAddress(email)
  if (!address.ok) return address
  const allowed = await corrections.consume(requester.clientAddress)
  if (!allowed.ok) return err(allowed.error)
  return transaction(async tx => {
    const checkout = await tx.checkout.findUnique({ where: { id, stripeSessionId } })
    if (!checkout || !(await isCorrectable(tx, checkout))) return err("too_late")
    await silence(tx, checkout)
    const { canonical, typed } = address.value
    const corrected = await tx.checkout.update({
      where: { id },
      data: { email: canonical, emailTyped: typed, updatedAt: now() },
    })
    await moveTrialClaim(tx, checkout, canonical)
    if (checkout.provisionedAt) await handOver(tx, corrected, address.value)
    else await announceDebit(tx, corrected, newId())
    await writeAudit(tx, {
      organizationId: checkout.organizationId ?? undefined,
      act: "billing.buyer_address_corrected",
      target: id,
      detail: { from: maskAddress(checkout.email), to: maskAddress(canonical) },
      clientAddress: requester.clientAddress,
    })
    return ok(address.value)
  })
}

/** Whether the address of a purchase may still be mended. */
export async function isCorrectable(client: Client, checkout: Checkout): Promise<boolean> {
  if (!checkout.provisionedAt) return checkout.state === "on_its_way" && checkout.userId === null
  return (await untouchedBuyer(client, checkout)) !== null
}

/** The buyer, if this purchase made them and nobody has ever been them. */
async function untouchedBuyer(client: Client, checkout: Checkout): Promise<User | null> {
  const { userId, organizationId, provisionedAt } = checkout
  if (!userId || !organizationId || !provisionedAt) return null
  return client.user.findFirst({
    where: {
      id: userId,
      provenAt: null,
      lastSignInAt: null,
      disabledAt: null,
      isOperator: false,
      createdAt: { gte: provisionedAt },
      sessions: { none: {} },
      memberships: { every: { organizationId, role: "owner" } },
    },
  })
}

/** What was sent to the old mailbox leads nowhere, and what was not sent yet stays. */
async function silence(tx: Tx, { id, email, organizationId }: Checkout): Promise<void> {
  await tx.mail.updateMany({
    where: {
      recipient: email,
      state: "queued",
      OR: [
        { dedupeKey: { startsWith: `payment-on-its-way:${id}` } },
        ...(organizationId ? [{ parameters: { contains: organizationId } }] : []),
      ],
    },
    data: { state: "expired", answer: "The address was corrected." },
  })
  if (!organizationId) return
  await tx.link.updateMany({
    where: {
      email,
      organizationId,
      purpose: { in: ["activation", "purchase_access"] },
      usedAt: null,
      voidedAt: null,
    },
    data: { voidedAt: now() },
  })
}

async function handOver(tx: Tx, checkout: Checkout, address: Address): Promise<void> {
  const mistaken = await untouchedBuyer(tx, checkout)
  if (!mistaken || !checkout.organizationId)
    throw new Error(`Checkout ${checkout.id} has no buyer to correct.`)
  const buyer = await becomeOwner(tx, mistaken, checkout.organizationId, address)
  await tx.checkout.update({ where: { id: checkout.id }, data: { userId: buyer.id } })
  const place = await tx.organization.findUniqueOrThrow({ where: { id: checkout.organizationId } })
  await mailBuyer(tx, checkout, buyer, place, newId())
  await reportOddities(tx, buyer, place)
  await mendCustomer.enqueue(tx, { checkoutId: checkout.id })
}

/** The mistaken person gets the new address; if somebody has it, the organisation is theirs, and the mistake is no person. */
async function becomeOwner(tx: Tx, mistaken: User, organizationId: string, address: Address): Promise<User> {
  const known = await findUserByEmail(tx, address.canonical)
  if (!known || known.id === mistaken.id) {
    const { canonical: email, typed: emailTyped } = address
    return tx.user.update({ where: { id: mistaken.id }, data: { email, emailTyped, updatedAt: now() } })
  }
  await addMember(tx, { userId: known.id, organizationId, role: "owner" })
  await tx.user.delete({ where: { id: mistaken.id } })
  if (!known.provenAt) await endSessionsOf(tx, known.id)
  return known
}
