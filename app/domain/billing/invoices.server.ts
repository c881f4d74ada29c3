import type { InvoiceLine } from "~/domain/billing/invoice-view"
import type { Membership } from "~/domain/organizations/memberships.server"
import type { Page, Place } from "~/lib/cursor"
import { err, ok, type Result } from "~/lib/result"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

const pageSize = 25
/** Milliseconds somebody who wants a PDF is kept waiting. */
const pdfPatience = 3_000

const shown = {
  id: true,
  number: true,
  status: true,
  currency: true,
  total: true,
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
  { organizationId }: Membership,
  id: string,
): Promise<Result<{ url: string }, "unknown" | "unavailable">> {
  const row = await db().invoice.findFirst({ where: { id, organizationId, status: { not: "draft" } } })
  if (!row) return err("unknown")
  if (!isStripeSetUp()) return err("unavailable")
  const answer = await askOnce(pdfPatience, options => stripe().invoices.retrieve(id, {}, options))
  if (!answer.ok) {
    log.warn({ kind: answer.error.kind, trouble: answer.error.words }, "an invoice could not be fetched")
    return err("unavailable")
  }
  const url = answer.value.invoice_pdf
  return url ? ok({ url }) : err("unknown")
}
