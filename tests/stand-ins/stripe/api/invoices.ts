import { z } from "zod"
import { previewInvoice } from "../billing/changing"
import { collect, payByHand } from "../billing/collecting"
import { finalizeInvoice, voidInvoice } from "../billing/invoices"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import type { InvoiceObject } from "../objects"
import { accepts, acceptsPage, bool, clearable, created, int, metadata, passive, text } from "../params"
import { route } from "../router"

const previewItem = z.strictObject({
  id: text.optional(),
  price: text.optional(),
  quantity: int.optional(),
  deleted: bool.optional(),
  clear_usage: bool.optional(),
  metadata: metadata.optional(),
})

export const invoiceRoutes = [
  route(
    "GET",
    "/v1/invoices",
    acceptsPage({
      collection_method: text.optional(),
      created: created.optional(),
      customer: text.optional(),
      status: z.enum(["draft", "open", "paid", "uncollectible", "void"]).optional(),
      subscription: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.invoices.filter(
          row =>
            within(row.created, params.created) &&
            is(row.customer, params.customer) &&
            is<string | null>(row.status, params.status) &&
            (params.subscription === undefined ||
              row.parent?.subscription_details?.subscription === params.subscription),
        ),
        params,
        "/v1/invoices",
      ),
  ),
  route(
    "POST",
    "/v1/invoices/create_preview",
    accepts({
      automatic_tax: passive.optional(),
      currency: text.optional(),
      customer: text.optional(),
      preview_mode: z.enum(["next", "recurring"]).optional(),
      subscription: text,
      subscription_details: z
        .strictObject({
          items: z.array(previewItem).optional(),
          proration_behavior: z.enum(["create_prorations", "always_invoice", "none"]).optional(),
          proration_date: int.optional(),
          cancel_at_period_end: bool.optional(),
          cancel_at: clearable(int).optional(),
        })
        .optional(),
    }),
    ({ ledger, params }) => preview(ledger, params.subscription, params.subscription_details),
  ),
  route("GET", "/v1/invoices/:id", accepts({}), ({ ledger, id }) => ledger.invoices.require(id)),
  route("GET", "/v1/invoices/:id/lines", acceptsPage({}), ({ ledger, params, id }) =>
    page([...ledger.invoices.require(id).lines.data].reverse(), params, `/v1/invoices/${id}/lines`),
  ),
  route(
    "POST",
    "/v1/invoices/:id/pay",
    accepts({
      forgive: bool.optional(),
      off_session: bool.optional(),
      paid_out_of_band: bool.optional(),
      payment_method: text.optional(),
    }),
    ({ ledger, params, id }) =>
      payByHand(ledger, ledger.invoices.require(id), params.paid_out_of_band ?? false),
  ),
  route(
    "POST",
    "/v1/invoices/:id/finalize",
    accepts({ auto_advance: bool.optional() }),
    ({ ledger, params, id }) => {
      const invoice = ledger.invoices.require(id)
      if (invoice.status !== "draft")
        throw refused(
          "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
          undefined,
          "invoice_not_editable",
        )
      finalizeInvoice(ledger, invoice)
      if (params.auto_advance !== false) collect(ledger, invoice)
      return invoice
    },
  ),
  route("POST", "/v1/invoices/:id/void", accepts({}), ({ ledger, id }) => {
    const invoice = ledger.invoices.require(id)
    if (invoice.status !== "open" && invoice.status !== "uncollectible")
      throw refused(`You can only void an open invoice; this one is ${invoice.status}.`)
    return voidInvoice(ledger, invoice)
  }),
  route(
    "GET",
    "/v1/invoice_payments",
    acceptsPage({
      created: created.optional(),
      invoice: text.optional(),
      payment: z.strictObject({ type: text, payment_intent: text.optional() }).optional(),
      status: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.invoicePayments.filter(
          row =>
            within(row.created, params.created) &&
            is(row.invoice, params.invoice) &&
            is(row.status, params.status) &&
            (params.payment?.payment_intent === undefined ||
              row.payment.payment_intent === params.payment.payment_intent),
        ),
        params,
        "/v1/invoice_payments",
      ),
  ),
]

interface PreviewDetails {
  items?: z.output<typeof previewItem>[] | undefined
  proration_behavior?: "create_prorations" | "always_invoice" | "none" | undefined
  proration_date?: number | undefined
  cancel_at_period_end?: boolean | undefined
  cancel_at?: number | null | undefined
}

function preview(ledger: Ledger, id: string, details: PreviewDetails | undefined): InvoiceObject {
  const subscription = ledger.subscriptions.require(id, "subscription")
  if (
    subscription.ended_at ||
    (subscription.cancel_at !== null && !details?.items && details?.cancel_at_period_end !== false)
  ) {
    throw refused(
      `No upcoming invoices for customer: ${subscription.customer}`,
      undefined,
      "invoice_upcoming_none",
    )
  }
  const change = details?.items && {
    items: details.items,
    proration: details.proration_behavior ?? "create_prorations",
    at: details.proration_date ?? ledger.now(subscription.customer),
  }
  return previewInvoice(ledger, subscription, change ?? null)
}
