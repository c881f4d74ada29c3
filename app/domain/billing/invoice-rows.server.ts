/**
 * Our copies of Stripe's invoices [B10], so that the pages of invoices wait for nobody. They are written from what Stripe said a
 * moment ago: with each event of an invoice, with each look at a subscription, and by the hourly round. The same again writes
 * nothing; an answer that was overtaken does not open again what is paid or withdrawn.
 */
import type Stripe from "stripe"
import type { Prepared } from "~/domain/billing/effect.server"
import { receiptFor } from "~/domain/billing/receipts.server"
import { idOf } from "~/domain/billing/snapshot.server"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import type { Invoice } from "~/platform/models.server"

/** Of these nothing changes any more but what is sent back. */
const settled = ["paid", "void"]

/** Keeps what Stripe says of an invoice. Returns whose it is; undefined when it concerns nobody here. */
export async function keepInvoice(client: Client, invoice: Stripe.Invoice): Promise<string | undefined> {
  const { id } = invoice
  if (!id) return undefined
  const before = await client.invoice.findUnique({ where: { id } })
  const organizationId = before?.organizationId ?? (await organizationOf(client, invoice))
  if (!organizationId) return undefined
  const facts = factsOf(invoice)
  if (!before) {
    await client.invoice.create({ data: { ...facts, id, organizationId, syncedAt: now() } })
  } else if (isNews(before, facts)) {
    await client.invoice.update({ where: { id }, data: { ...facts, syncedAt: now() } })
  }
  return organizationId
}

/** Writes the invoice that came with what is prepared, after it: only then the subscription it is for is surely known. */
export function withInvoice(
  prepared: Prepared,
  invoice: Stripe.Invoice | string | null | undefined,
): Prepared {
  if (!invoice || typeof invoice === "string") return prepared
  return async tx => {
    const effect = await prepared(tx)
    await keepInvoice(tx, invoice)
    await receiptFor(tx, invoice.id ?? "")
    return effect
  }
}

/** For an invoice that is for no subscription. */
export function prepareInvoice(invoice: Stripe.Invoice): Prepared {
  return async tx => {
    if (!(await keepInvoice(tx, invoice))) return { state: "ignored", effect: "not for a subscription" }
    await receiptFor(tx, invoice.id ?? "")
    return { state: "done", effect: "invoice kept" }
  }
}

async function organizationOf(client: Client, invoice: Stripe.Invoice): Promise<string | undefined> {
  const paidFor = subscriptionOf(invoice)
  const row = paidFor
    ? await client.subscription.findUnique({ where: { stripeSubscriptionId: paidFor } })
    : null
  if (row) return row.organizationId
  if (!invoice.customer) return undefined
  const stripeCustomerId = idOf(invoice.customer)
  return (await client.organization.findUnique({ where: { stripeCustomerId } }))?.id
}

/** The subscription an invoice is for, if it is for one. */
export function subscriptionOf(invoice: Stripe.Invoice): string | undefined {
  const paidFor = invoice.parent?.subscription_details?.subscription
  return paidFor ? idOf(paidFor) : undefined
}

type Facts = Omit<Invoice, "id" | "organizationId" | "receiptedAt" | "syncedAt">

function factsOf(invoice: Stripe.Invoice): Facts {
  return {
    stripeSubscriptionId: subscriptionOf(invoice) ?? null,
    number: invoice.number,
    status: invoice.status ?? "draft",
    reason: invoice.billing_reason,
    currency: invoice.currency,
    total: invoice.total,
    amountPaid: invoice.amount_paid,
    amountRemaining: invoice.amount_remaining,
    amountRefunded: invoice.post_payment_credit_notes_amount,
    createdAt: dateOf(invoice.created),
    periodStart: dateOf(invoice.period_start),
    periodEnd: dateOf(invoice.period_end),
    nextAttemptAt: invoice.next_payment_attempt ? dateOf(invoice.next_payment_attempt) : null,
  }
}

function isNews(before: Invoice, facts: Facts): boolean {
  if (settled.includes(before.status)) {
    return before.status === facts.status && before.amountRefunded < facts.amountRefunded
  }
  return Object.entries(facts).some(([field, value]) => {
    const old: unknown = Object.getOwnPropertyDescriptor(before, field)?.value
    return textOf(old) !== textOf(value)
  })
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}
