/**
 * Erasing a closed organisation once its grace is over [O11]. First it is claimed: from the moment the grace is over nobody can
 * restore it any more, which both writes decide by the same clock inside a transaction. Then Stripe ends what is left and gives
 * the numbers of the invoices; as long as it cannot be reached, nothing is erased. Last, one transaction removes everything,
 * leaves what the law wants kept under a pseudonym that leads nowhere, and queues the last mail to those who owned it. Jobs of
 * the same transaction delete its customers at Stripe, and see to it that the file keeps no bytes of what was removed.
 */

import { setImmediate } from "node:timers/promises"
import { z } from "zod"
import { sayWhyItWaits } from "~/domain/billing/closing-trouble.server"
import { deleteCustomer } from "~/domain/billing/delete-customer.server"
import { eraseEverythingOf } from "~/domain/billing/erasure.server"
import { inTurn } from "~/domain/billing/in-turn"
import { definePatientJob, needStripe } from "~/domain/billing/patient-job.server"
import { customersOf, hasBillingAtStripe, unlessMissing, windDown } from "~/domain/billing/wind-down.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { formatUtcDate } from "~/lib/format"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import { newId } from "~/platform/ids.server"
import { defineJob } from "~/platform/jobs.server"
import { overwriteDeleted } from "~/platform/overwrite-deleted.server"
import { stripe } from "~/platform/stripe.server"

/** Erases an organisation whose grace is over, as soon as Stripe agrees. */
export const eraseOrganization = definePatientJob({
  kind: "organization.erase",
  run: organizationId => inTurn(`closing:${organizationId}`, () => erase(organizationId)),
  onWait: sayWhyItWaits,
})

/** Overwrites what the database file still holds of what was removed. */
export const leaveNoTraces = defineJob({
  kind: "database.overwrite-deleted",
  payload: z.object({}),
  run: overwriteDeleted,
})

/** Those whose grace is over. */
export const dueForErasure = () => ({ closedAt: { not: null }, eraseAt: { lte: now() } })

async function erase(id: string): Promise<void> {
  if (!(await claim(id))) return
  const invoices = await settleAtStripe(id)
  const customers = await customersOf(id)
  failpoint("erasure.stripe-agreed")
  await clearLongLists(id)
  await transaction(async tx => {
    const organization = await tx.organization.findFirst({
      where: { id, ...dueForErasure() },
      include: {
        memberships: {
          where: { role: "owner", user: { disabledAt: null } },
          select: { user: { select: { email: true } } },
        },
      },
    })
    if (!organization) return
    await eraseEverythingOf(tx, organization)
    await keepWhatTheLawWants(tx, invoices)
    for (const customer of customers) await deleteCustomer.enqueue(tx, { customer })
    await leaveNoTraces.enqueue(tx, {})
    const closedOn = formatUtcDate(organization.closedAt ?? now())
    for (const { user } of organization.memberships) {
      await queueMail(tx, { template: "organization_erased", to: user.email, parameters: { closedOn } })
    }
    failpoint("erasure.before-commit")
  })
}

/** The clock is read inside the transaction: a restoring that was let through before is committed by now. */
async function claim(id: string): Promise<boolean> {
  return transaction(async tx => {
    const where = { id, ...dueForErasure() }
    return (await tx.organization.updateMany({ where, data: { updatedAt: now() } })).count > 0
  })
}

/** Ends everything at Stripe and returns the numbers of all invoices. */
async function settleAtStripe(id: string): Promise<string[]> {
  if (!(await hasBillingAtStripe(id))) return []
  needStripe()
  await windDown(id, "at_once")
  const numbers: string[] = []
  for (const customer of await customersOf(id)) {
    const invoices = await unlessMissing(() =>
      stripe().invoices.list({ customer, limit: 100 }).autoPagingToArray({ limit: 10_000 }),
    )
    for (const { number } of invoices ?? []) if (number) numbers.push(number)
  }
  return numbers
}

const rowsAtOnce = 500

/** By far the most rows, removed some at a time so that requests get their turn. Nothing stops the erasure any more. */
async function clearLongLists(organizationId: string): Promise<void> {
  const some = { where: { organizationId }, limit: rowsAtOnce }
  while ((await db().auditEntry.deleteMany(some)).count > 0) await setImmediate()
  while ((await db().mail.deleteMany(some)).count > 0) await setImmediate()
}

async function keepWhatTheLawWants(tx: Tx, invoices: string[]): Promise<void> {
  const pseudonym = newId()
  const at = now()
  await tx.retainedRecord.createMany({
    data: invoices.map(value => ({ id: newId(), pseudonym, kind: "invoice_number", value, at })),
  })
  await writeAudit(tx, {
    act: "organization.erased",
    target: pseudonym,
    detail: { invoices: invoices.length },
  })
}
