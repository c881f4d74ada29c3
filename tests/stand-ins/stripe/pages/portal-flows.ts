import { previewInvoice } from "../billing/changing"
import { isGood, newestMethod } from "../billing/payment-methods"
import { taxIdsOf } from "../billing/tax-ids"
import { refused } from "../errors"
import { formatMoney } from "../money"
import type { InvoiceObject, PriceObject, SubscriptionObject } from "../objects"
import { type Html, html } from "./html"
import { button } from "./layout"
import type { Portal } from "./portal"
import { prorationOf } from "./portal-views"
import { priceText } from "./show"

/** The card in use, in words. */
export function methodText({ ledger, customer }: Portal): string {
  const method = newestMethod(ledger, customer.id)
  if (!method) return "None yet"
  const name = method.card ? `Visa •••• ${method.card.last4}` : "Bank account •••• 6789"
  return isGood(ledger, method) ? name : `${name} (is declined)`
}

/** Asks for another card and nothing else: what the flow payment_method_update opens. */
export function cardView(portal: Portal): Html {
  return html`<h1>Update your payment method</h1><div class="card"><p>In use: ${methodText(portal)}</p>
<div class="testcard"><span>4242 4242 4242 4242</span><span>12 / 34</span></div>
<div class="row">${button(`${portal.base}/card`, "Use this card", { card: "works" }, "main")}${button(`${portal.base}/card`, "Use a card that is declined", { card: "declines" })}${leave(portal)}</div></div>`
}

/** The change that subscription_update_confirm proposes, with what is due for it at the moment shown. */
export function confirmView(portal: Portal, subscription: SubscriptionObject): Html {
  const { ledger } = portal
  const wanted = portal.session.flow?.subscription_update_confirm?.items[0]
  const price = ledger.prices.get(wanted?.price)
  const item = subscription.items.data.find(row => row.id === wanted?.id)
  if (!price || !item) throw refused("The change this link was made for is no longer possible.")
  const at = ledger.now(subscription.customer)
  const change = { items: [{ id: item.id, price: price.id }], proration: prorationOf(portal), at }
  const preview = previewInvoice(ledger, subscription, change)
  const money = (amount: number) => formatMoney(amount, preview.currency)
  const atOnce = preview.billing_reason === "subscription_update" || restarts(item.price, price)
  return html`<h1>Confirm your updates</h1><div class="card">
<p><strong>${ledger.products.get(price.product)?.name}</strong>, ${priceText(price)}</p>
<ul class="sum figure first">${preview.lines.data.map(line => html`<li><span>${line.description}</span><span>${money(line.amount)}</span></li>`)}
${taxOf(preview) !== 0 && html`<li><span>Tax</span><span>${money(taxOf(preview))}</span></li>`}
${preview.starting_balance !== 0 && html`<li><span>Balance</span><span>${money(preview.starting_balance)}</span></li>`}
<li class="strong"><span>${atOnce ? "Amount due today" : "On the next invoice"}</span><span>${money(preview.amount_due)}</span></li></ul>
<p class="soft">Paid with ${methodText(portal)}.</p>
<div class="row">${button(`${portal.base}/plan`, "Confirm", { subscription: subscription.id, price: price.id, at: String(at) }, "main")}${leave(portal)}</div></div>`
}

const taxOf = (invoice: InvoiceObject) =>
  (invoice.total_taxes ?? []).reduce((sum, row) => sum + row.amount, 0)

const restarts = (from: PriceObject, to: PriceObject) => from.recurring?.interval !== to.recurring?.interval

/** What the customer may change about themselves, as the configuration says. */
export function customerView({ ledger, customer, features, base }: Portal): Html {
  const allowed = features.customer_update.allowed_updates
  const taxId = taxIdsOf(ledger, customer.id)[0]?.value
  const field = (name: string, label: string, type: string, value: string | null | undefined) =>
    html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${value ?? ""}"></div>`
  return html`<h1>Billing information</h1><form class="card" method="post" action="${base}/customer">
${allowed.includes("name") && field("name", "Name", "text", customer.name)}
${allowed.includes("email") && field("email", "E-mail", "email", customer.email)}
${allowed.includes("address") && field("address", "Country, in two letters", "text", customer.address?.country)}
${allowed.includes("tax_id") && field("tax_id", "VAT number", "text", taxId)}
<div class="row"><button class="main">Save</button><a class="button" href="${base}?view=home">Go back</a></div></form>`
}

/** What is said after a flow that ends on the portal's own page. */
export function doneView(portal: Portal): Html {
  const message = portal.session.flow?.after_completion.hosted_confirmation?.custom_message
  return html`<div class="empty"><h1>All done</h1><p>${message ?? "Your changes were saved."}</p>${leave(portal)}</div>`
}

function leave({ session, base }: Portal): Html {
  return html`<a class="button" href="${session.return_url ?? `${base}?view=home`}">Go back</a>`
}
