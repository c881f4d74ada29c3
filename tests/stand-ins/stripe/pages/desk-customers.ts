import { cardState } from "../billing/payment-methods"
import type { Context } from "../control/context"
import { formatMoney } from "../money"
import type { CustomerObject, SubscriptionObject } from "../objects"
import { deskPage, type Flash } from "./desk-layout"
import { type Html, html } from "./html"
import { button, messagePage, type PageAnswer } from "./layout"
import { badge, day, priceText } from "./show"

const CARDS = { works: "works", declines: "is declined", none: "none" }

/** All customers with their subscriptions, newest first. */
export function showCustomers(context: Context, flash: Flash | null): PageAnswer {
  const { ledger } = context
  const rows = ledger.customers.all().reverse().slice(0, 200)
  const list = html`<table class="stack"><thead><tr><th>Customer</th><th>Plan</th><th>State</th><th>Period ends</th><th>Card</th></tr></thead><tbody>
${rows.map(row => customerRow(context, row))}</tbody></table>`
  const empty = html`<div class="card empty"><h2>No customers yet</h2><p>They appear here once somebody has paid.</p></div>`
  return deskPage(
    context,
    "/",
    "Customers",
    rows.length === 0 ? empty : html`<div class="card">${list}</div>`,
    flash,
  )
}

function customerRow({ ledger }: Context, customer: CustomerObject): Html {
  const subscription = ledger.subscriptions.filter(row => row.customer === customer.id).at(-1)
  const item = subscription?.items.data[0]
  return html`<tr><td data-name="Customer"><div><a href="/customers/${customer.id}">${customer.name ?? customer.email ?? customer.id}</a>${customer.name && html`<br><small>${customer.email}</small>`}</div></td>
<td data-name="Plan">${ledger.products.get(item?.price.product)?.name ?? "–"}</td>
<td data-name="State">${subscription ? badge(subscription.status) : "–"}</td>
<td data-name="Period ends">${item ? day(item.current_period_end) : "–"}</td>
<td data-name="Card">${CARDS[cardState(ledger, customer.id)]}</td></tr>`
}

/** One customer: subscriptions, payments, and what can be done to them. */
export function showCustomer(context: Context, id: string, flash: Flash | null): PageAnswer {
  const { ledger } = context
  const customer = ledger.customers.get(id)
  if (!customer)
    return messagePage("Page not found", "There is no such customer.", { href: "/", text: "All customers" })
  const back = `/customers/${id}`
  const works = cardState(ledger, id)
  const subscriptions = ledger.subscriptions.filter(row => row.customer === id).reverse()
  const body = html`<div class="card"><dl><dt>E-mail</dt><dd>${customer.email ?? "–"}</dd><dt>Id</dt><dd><code>${id}</code></dd><dt>Since</dt><dd>${day(customer.created)}</dd>
<dt>Card</dt><dd>${CARDS[works]}</dd></dl>
<div class="row gap">${button("/desk/card", "Card works", { customer: id, works: "true", back })}${button("/desk/card", "Card is declined", { customer: id, works: "false", back })}</div></div>
<h2>Subscriptions</h2>${subscriptions.map(row => subscriptionCard(context, row, back))}
<h2>Payments</h2>${payments(context, id, back)}`
  return deskPage(context, "", customer.name ?? customer.email ?? id, body, flash)
}

function subscriptionCard({ ledger }: Context, subscription: SubscriptionObject, back: string): Html {
  const item = subscription.items.data[0]
  const act = (when: string, text: string, look = "") =>
    button("/desk/cancel", text, { subscription: subscription.id, when, back }, look)
  const others = ledger.prices.filter(
    row => row.active && row.recurring !== null && row.id !== item?.price.id,
  )
  return html`<div class="card"><div class="row"><strong>${ledger.products.get(item?.price.product)?.name}</strong>${badge(subscription.status)}</div>
<dl class="gap"><dt>Price</dt><dd>${item && priceText(item.price)}</dd><dt>Period</dt><dd>${item && html`${day(item.current_period_start)} – ${day(item.current_period_end)}`}</dd>
${subscription.cancel_at !== null && html`<dt>Ends</dt><dd>${day(subscription.cancel_at)}</dd>`}<dt>Id</dt><dd><code>${subscription.id}</code></dd></dl>
${
  subscription.ended_at === null &&
  html`<div class="row gap">${subscription.cancel_at === null ? html`${act("portal", "Cancel at period end")}` : act("undo", "Take the cancellation back")}${act("now", "Cancel now", "danger")}
<form method="post" action="/desk/plan" class="inline"><input type="hidden" name="subscription" value="${subscription.id}"><input type="hidden" name="back" value="${back}">
<select name="price" aria-label="Another plan">${others.map(row => html`<option value="${row.id}">${ledger.products.get(row.product)?.name}, ${priceText(row)}</option>`)}</select><button>Change</button></form></div>`
}</div>`
}

function payments({ ledger }: Context, customer: string, back: string): Html {
  const charges = ledger.charges.filter(row => row.customer === customer).reverse()
  if (charges.length === 0) return html`<div class="card empty">Nothing was paid yet.</div>`
  const rows = charges.map(row => {
    const dispute = ledger.disputes.find(one => one.charge === row.id)
    const invoice = ledger.invoices.find(
      one => ledger.invoiceFacts.get(one.id)?.paymentIntent === row.payment_intent,
    )
    const open = dispute?.status === "needs_response"
    const paid = row.status === "succeeded"
    return html`<tr><td data-name="Date">${day(row.created)}</td><td data-name="Amount" class="figure">${formatMoney(row.amount, row.currency)}</td>
<td data-name="State">${badge(row.status)} ${row.amount_refunded > 0 && html`<small>${formatMoney(row.amount_refunded, row.currency)} refunded</small>`} ${dispute && html`<small>dispute ${dispute.status.replaceAll("_", " ")}</small>`}</td>
<td data-name="Invoice">${invoice?.number ? html`<a href="/i/${invoice.id}">${invoice.number}</a>` : "–"}</td>
<td><div class="row">${paid && !row.refunded && button("/desk/refund", "Refund", { of: row.id, back })}${paid && !row.disputed && button("/desk/dispute", "Dispute", { of: row.id, back })}
${open && dispute && html`${button("/desk/close-dispute", "We win", { dispute: dispute.id, won: "true", back })}${button("/desk/close-dispute", "We lose", { dispute: dispute.id, won: "false", back })}`}</div></td></tr>`
  })
  return html`<div class="card"><table class="stack"><thead><tr><th>Date</th><th>Amount</th><th>State</th><th>Invoice</th><th>Do</th></tr></thead><tbody>${rows}</tbody></table></div>`
}
