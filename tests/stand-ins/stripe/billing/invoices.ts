import { HOUR } from "../clock"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import { type InvoiceLineObject, type InvoiceObject, listOf, type SubscriptionObject } from "../objects"
import { applicable } from "./discounts"
import { applyBalance, sumUp } from "./invoice-sums"
import { taxIdsOf } from "./tax-ids"

export interface NewInvoice {
  customer: string | null
  subscription: SubscriptionObject | null
  currency: string
  reason: string
  lines: InvoiceLineObject[]
  discounts: string[]
  metadata: Record<string, string>
  email: string | null
  automaticTax: boolean
}

/** Computes an invoice without keeping it: a preview, or the draft that `createInvoice` keeps. */
export function composeInvoice(ledger: Ledger, id: string, given: NewInvoice): InvoiceObject {
  const { customer: customerId, subscription, lines } = given
  const customer = ledger.customers.get(customerId)
  const now = ledger.now(customerId)
  const sums = sumUp(ledger, lines, given)
  for (const line of lines) line.invoice = id
  const invoice: InvoiceObject = {
    id,
    object: "invoice",
    account_country: "US",
    account_name: ledger.settings.appName,
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: {
      disabled_reason: null,
      enabled: given.automaticTax,
      liability: given.automaticTax ? { type: "self" } : null,
      provider: given.automaticTax ? "stripe" : null,
      status: given.automaticTax
        ? customer?.address?.country
          ? "complete"
          : "requires_location_inputs"
        : null,
    },
    automatically_finalizes_at: null,
    billing_reason: given.reason,
    collection_method: "charge_automatically",
    created: now,
    currency: given.currency,
    custom_fields: null,
    customer: customerId,
    customer_account: null,
    customer_address: customer?.address ?? null,
    customer_email: given.email ?? customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: customer?.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: taxIdsOf(ledger, customerId).map(({ type, value }) => ({ type, value })),
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: given.discounts,
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf(lines, `/v1/invoices/${id}/lines`),
    livemode: false,
    metadata: given.metadata,
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: subscription
      ? {
          type: "subscription_details",
          quote_details: null,
          subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
        }
      : null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: Math.max(now, ...lines.map(line => line.period.start)),
    period_start: Math.min(now, ...lines.map(line => line.period.start)),
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: customer?.test_clock ?? null,
    total_pretax_credit_amounts: [],
    webhooks_delivered_at: null,
    ...sums,
  }
  applyBalance(invoice, customer?.balance ?? 0)
  return invoice
}

/** Keeps a draft. It is sent an hour later by itself, unless it is sent before. */
export function createInvoice(ledger: Ledger, given: NewInvoice): InvoiceObject {
  const invoice = ledger.invoices.put(composeInvoice(ledger, newId("in"), given))
  invoice.automatically_finalizes_at = invoice.created + HOUR
  ledger.invoiceFacts.put({ id: invoice.id, paymentIntent: null, processing: false, retries: 0 })
  if (given.subscription) given.subscription.latest_invoice = invoice.id
  ledger.emit("invoice.created", invoice)
  return invoice
}

/** Gives the invoice its number, address and PDF; from here on its figures stand. */
export function finalizeInvoice(ledger: Ledger, invoice: InvoiceObject): void {
  const customer = ledger.customers.get(invoice.customer)
  const sequence = customer?.next_invoice_sequence ?? 1
  // The balance of this moment counts, not that of the draft: two drafts must not spend it twice.
  applyBalance(invoice, customer?.balance ?? 0)
  if (customer) {
    customer.next_invoice_sequence = sequence + 1
    customer.balance = invoice.ending_balance ?? 0
  }
  const now = ledger.now(invoice.customer)
  const page = `${ledger.settings.baseUrl}/i/${invoice.id}`
  invoice.number = `${customer?.invoice_prefix ?? "GUEST"}-${String(sequence).padStart(4, "0")}`
  invoice.status = "open"
  invoice.status_transitions.finalized_at = now
  invoice.effective_at = now
  invoice.automatically_finalizes_at = null
  invoice.hosted_invoice_url = page
  invoice.invoice_pdf = `${page}/pdf`
  const discountable = invoice.lines.data.reduce(
    (sum, line) => sum + (line.discountable ? line.amount : 0),
    0,
  )
  for (const { once, discount } of applicable(ledger, namesOf(invoice), discountable, now)) {
    const row = ledger.discounts.get(discount)
    if (once && row) row.end = now
  }
  ledger.emit("invoice.finalized", invoice)
}

/** The discounts of an invoice as ids; it stores nothing else. */
function namesOf(invoice: InvoiceObject): string[] {
  return invoice.discounts.filter(row => typeof row === "string")
}

/** Which subscription an invoice is for, if any. */
export function subscriptionOf(ledger: Ledger, invoice: InvoiceObject): SubscriptionObject | undefined {
  const id = invoice.parent?.subscription_details?.subscription
  return ledger.subscriptions.get(typeof id === "string" ? id : null)
}

/** Cancels an invoice nobody will pay. */
export function voidInvoice(ledger: Ledger, invoice: InvoiceObject): InvoiceObject {
  return ledger.change("invoice.voided", invoice, row => {
    row.status = "void"
    row.auto_advance = false
    row.next_payment_attempt = null
    row.automatically_finalizes_at = null
    row.status_transitions.voided_at = ledger.now(row.customer)
  })
}
