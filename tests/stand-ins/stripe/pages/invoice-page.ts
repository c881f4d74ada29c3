import { payByHand } from "../billing/collecting"
import type { Context } from "../control/context"
import { setCard } from "../control/living"
import { StripeFailure } from "../errors"
import type { FormMap } from "../form-encoding"
import { formatMoney } from "../money"
import type { InvoiceObject } from "../objects"
import { html } from "./html"
import { documentOf, messagePage, notice, type PageAnswer } from "./layout"
import { type PdfText, pdf } from "./pdf"
import { badge, day } from "./show"

/** The hosted invoice page: what is billed, whether it is paid, and a way to pay it. */
export function showInvoice({ ledger }: Context, id: string, problem: string | null = null): PageAnswer {
  const invoice = ledger.invoices.get(id)
  if (!invoice?.number) return messagePage("Page not found", "There is no such invoice.", null)
  const money = (amount: number) => formatMoney(amount, invoice.currency)
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, row) => sum + row.amount, 0)
  const rows = invoice.lines.data.map(
    line =>
      html`<li><span>${line.description}<small>${day(line.period.start)} – ${day(line.period.end)}</small></span><span>${money(line.amount)}</span></li>`,
  )
  const body = html`<main class="pay"><section aria-label="Invoice"><div>
<p class="shop"><span aria-hidden="true">${ledger.settings.appName.charAt(0)}</span>${ledger.settings.appName}</p>
<h1 class="soft">Invoice ${invoice.number}</h1>
<p class="total figure">${money(invoice.total)}</p>
<p>${badge(invoice.status)}</p>
<dl><dt>To</dt><dd>${invoice.customer_name ?? invoice.customer_email}</dd><dt>E-mail</dt><dd>${invoice.customer_email}</dd><dt>Issued</dt><dd>${day(invoice.created)}</dd></dl>
<p class="row gap"><a class="button" href="/i/${id}/pdf">Download PDF</a></p>
</div></section><section aria-label="Items"><div>
${notice(problem, "bad")}
<ul class="sum figure first">${rows}
${discount > 0 && html`<li><span>Promotion</span><span>−${money(discount)}</span></li>`}
${taxOf(invoice) > 0 && html`<li><span>Tax</span><span>${money(taxOf(invoice))}</span></li>`}
<li class="strong"><span>Total</span><span>${money(invoice.total)}</span></li>
${credited(invoice) > 0 && html`<li><span>Credit notes</span><span>−${money(credited(invoice))}</span></li>`}
<li><span>Paid</span><span>${money(invoice.amount_paid)}</span></li>
<li class="strong"><span>Left to pay</span><span>${money(invoice.amount_remaining)}</span></li></ul>
${
  invoice.status === "open" &&
  html`<form method="post" action="/i/${id}/pay"><button class="main wide" name="card" value="works">Pay with the test card</button>
<div class="or"><button name="card" value="declines">Card declined</button></div></form>`
}
</div></section></main>`
  return { page: documentOf(`Invoice ${invoice.number}`, body), status: problem === null ? 200 : 402 }
}

/** Somebody pays an open invoice on its page, with a card that works or not. */
export function payInvoice(context: Context, id: string, form: FormMap): PageAnswer {
  const invoice = context.ledger.invoices.get(id)
  if (!invoice) return showInvoice(context, id)
  try {
    if (invoice.customer) setCard(context.ledger, invoice.customer, form.card !== "declines")
    payByHand(context.ledger, invoice, false)
    return { redirect: `/i/${id}` }
  } catch (error) {
    if (error instanceof StripeFailure) return showInvoice(context, id, error.message)
    throw error
  }
}

/** The invoice as a PDF of one page. */
export function invoicePdf({ ledger }: Context, id: string): PageAnswer {
  const invoice = ledger.invoices.get(id)
  if (!invoice?.number) return messagePage("Page not found", "There is no such invoice.", null)
  const { texts, rules } = compose(invoice, ledger.settings.appName)
  return { bytes: pdf(texts, rules), type: "application/pdf", name: `Invoice-${invoice.number}.pdf` }
}

const taxOf = (invoice: InvoiceObject) =>
  (invoice.total_taxes ?? []).reduce((sum, row) => sum + row.amount, 0)

const credited = (invoice: InvoiceObject) =>
  invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount

const LEFT = 56
const RIGHT = 539

function compose(invoice: InvoiceObject, shop: string): { texts: PdfText[]; rules: number[] } {
  const money = (amount: number) => formatMoney(amount, invoice.currency)
  const date = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)
  const texts: PdfText[] = [
    { x: LEFT, y: 80, text: "Invoice", size: 24, bold: true },
    { x: RIGHT, y: 80, text: shop, size: 14, bold: true, right: true },
    { x: LEFT, y: 116, text: `Invoice number ${invoice.number ?? ""}` },
    { x: LEFT, y: 132, text: `Issued ${date(invoice.created)}` },
    { x: LEFT, y: 164, text: "Bill to", bold: true },
    { x: LEFT, y: 180, text: invoice.customer_name ?? "" },
    { x: LEFT, y: 196, text: invoice.customer_email ?? "" },
    {
      x: LEFT,
      y: 240,
      text: `${money(invoice.total)} ${invoice.status === "paid" ? "paid" : "due"}`,
      size: 16,
      bold: true,
    },
    { x: LEFT, y: 280, text: "Description", bold: true },
    { x: RIGHT, y: 280, text: "Amount", bold: true, right: true },
  ]
  let y = 308
  for (const line of invoice.lines.data) {
    texts.push(
      { x: LEFT, y, text: line.description ?? "" },
      { x: RIGHT, y, text: money(line.amount), right: true },
    )
    texts.push({ x: LEFT, y: y + 14, text: `${date(line.period.start)} – ${date(line.period.end)}`, size: 8 })
    y += 36
  }
  const rules = [288, y - 12]
  const sums: Array<[string, number]> = [
    ["Subtotal", invoice.subtotal],
    ...(taxOf(invoice) > 0 ? [["Tax", taxOf(invoice)] satisfies [string, number]] : []),
    ["Total", invoice.total],
    ["Amount paid", invoice.amount_paid],
    ["Amount due", invoice.amount_remaining],
  ]
  for (const [name, amount] of sums) {
    texts.push({ x: 360, y: y + 8, text: name }, { x: RIGHT, y: y + 8, text: money(amount), right: true })
    y += 18
  }
  texts.push({
    x: LEFT,
    y: 800,
    text: "Made by a local Stripe for testing. No real money was asked for or paid.",
    size: 8,
  })
  return { texts, rules }
}
