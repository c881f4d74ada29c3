import type Stripe from "stripe"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import type { InvoiceLine } from "~/domain/billing/invoice-view"
import type { Membership } from "~/domain/organizations/memberships.server"
import type { Page, Place } from "~/lib/cursor"
import { err, ok, type Result } from "~/lib/result"
import { readPage } from "~/platform/cursor-page.server"
import { db, transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

const pageSize = 25
/** Milliseconds somebody who wants to read or pay an invoice is kept waiting. */
const patience = 3_000

const shown = {
  id: true,
  number: true,
  status: true,
  currency: true,
  total: true,
  amountRemaining: true,
  amountRefunded: true,
  createdAt: true,
} as const

/** An organisation's invoices at this place of the list, the latest first; drafts are none yet. */
export function listInvoices({ organizationId }: Membership, place: Place): Promise<Page<InvoiceLine>> {
  return readPage(place, {
    size: pageSize,
    order: "desc",
    at: row => row.createdAt,
    read: ({ take, order, at, passed }) =>
      db().invoice.findMany({
        where: {
          organizationId,
          status: { not: "draft" },
          createdAt: at,
          ...(passed && { NOT: { createdAt: passed.at, id: passed.id } }),
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
        select: shown,
      }),
  })
}

/** The latest few of them. */
export function latestInvoices({ organizationId }: Membership, count: number): Promise<InvoiceLine[]> {
  return db().invoice.findMany({
    where: { organizationId, status: { not: "draft" } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: count,
    select: shown,
  })
}

/**
 * Where Stripe keeps the PDF of an invoice of this organisation, asked for anew because such addresses expire. `unknown`: it is
 * not theirs, or there is none; `unavailable`: no answer within three seconds.
 */
export async function invoicePdf(
  membership: Membership,
  id: string,
): Promise<Result<{ url: string }, "unknown" | "unavailable">> {
  const invoice = await fetchOwn(membership, { id })
  if (!invoice.ok) return invoice
  const url = invoice.value.invoice_pdf
  return url ? ok({ url }) : err("unknown")
}

/** Why an invoice is not to be paid: there is none, or nothing of it is due any more. */
export type PaymentRefusal = "unknown" | "unavailable" | "paid" | "withdrawn" | "written_off"

/**
 * The page of Stripe's where an invoice of this organisation is paid, or the payment confirmed; without an id, that of the
 * latest one that is open. What Stripe says of it is kept, so that the list shows it.
 */
export async function invoicePayment(
  membership: Membership,
  id: string | undefined,
): Promise<Result<{ url: string }, PaymentRefusal>> {
  const invoice = await fetchOwn(membership, id === undefined ? { status: "open" } : { id })
  if (!invoice.ok) return invoice
  await transaction(tx => keepInvoice(tx, invoice.value))
  const { status, hosted_invoice_url: url } = invoice.value
  if (status === "open" && url) return ok({ url })
  if (status === "void") return err("withdrawn")
  return err(status === "uncollectible" ? "written_off" : "paid")
}

async function fetchOwn(
  { organizationId }: Membership,
  which: { id: string } | { status: string },
): Promise<Result<Stripe.Invoice, "unknown" | "unavailable">> {
  const row = await db().invoice.findFirst({
    where: { organizationId, NOT: { status: "draft" }, ...which },
    orderBy: { createdAt: "desc" },
  })
  if (!row) return err("unknown")
  if (!isStripeSetUp()) return err("unavailable")
  const answer = await askOnce(patience, options => stripe().invoices.retrieve(row.id, {}, options))
  if (answer.ok) return answer
  log.warn({ kind: answer.error.kind, trouble: answer.error.words }, "an invoice could not be fetched")
  return err("unavailable")
}
