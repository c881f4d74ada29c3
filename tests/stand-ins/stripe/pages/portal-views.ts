import { periodEnd } from "../billing/cancelling"
import { previewInvoice } from "../billing/changing"
import { formatMoney } from "../money"
import type { PriceObject, SubscriptionObject } from "../objects"
import { type Html, html } from "./html"
import { button } from "./layout"
import type { Portal } from "./portal"
import { day, priceText } from "./show"

/** Asks before a plan is cancelled, and says when it would end. */
export function cancelView(portal: Portal, subscription: SubscriptionObject): Html {
  const now = portal.features.subscription_cancel.mode === "immediately"
  const end = now ? html`now` : html`on ${day(periodEnd(subscription))}`
  return html`<h1>Cancel your plan</h1><div class="card"><p>Your plan ends ${end}.${!now && " Until then everything stays as it is."}</p>
<div class="row">${button(`${portal.base}/cancel`, "Cancel plan", { subscription: subscription.id }, "danger")}<a class="button" href="${portal.base}?view=home">Go back</a></div></div>`
}

/** The plans that can be chosen instead, each with what would be due. */
export function plansView(portal: Portal, subscription: SubscriptionObject): Html {
  const current = subscription.items.data[0]
  const cards = choices(portal, subscription).map(price => {
    const name = portal.ledger.products.get(price.product)?.name
    const isCurrent = price.id === current?.price.id
    return html`<div class="card plan"><div><strong>${name}</strong><br><span class="figure">${priceText(price)}</span>
${!isCurrent && html`<br><small>${dueText(portal, subscription, price)}</small>`}</div>
${isCurrent ? html`<span class="badge">Current plan</span>` : button(`${portal.base}/plan`, "Choose", { subscription: subscription.id, price: price.id })}</div>`
  })
  return html`<h1>Change your plan</h1><div class="plans">${cards}</div><p><a href="${portal.base}?view=home">Go back</a></p>`
}

/** The prices the configuration offers; without a list, every active one of the same currency. */
export function choices(portal: Portal, subscription: SubscriptionObject): PriceObject[] {
  const offered = portal.products.flatMap(row => row.prices)
  return portal.ledger.prices
    .filter(
      price =>
        price.active &&
        price.recurring !== null &&
        price.currency === subscription.currency &&
        (offered.length === 0 || offered.includes(price.id)),
    )
    .sort(
      (one, two) =>
        one.recurring?.interval.localeCompare(two.recurring?.interval ?? "") ||
        (one.unit_amount ?? 0) - (two.unit_amount ?? 0),
    )
}

/** How the portal bills a change: the configuration says. */
export function prorationOf(portal: Portal): "create_prorations" | "always_invoice" | "none" {
  const given = portal.features.subscription_update.proration_behavior
  if (given === "always_invoice") return "always_invoice"
  return given === "none" ? "none" : "create_prorations"
}

function dueText(portal: Portal, subscription: SubscriptionObject, price: PriceObject): string {
  const item = subscription.items.data[0]
  if (!item) return ""
  const proration = prorationOf(portal)
  const change = {
    items: [{ id: item.id, price: price.id }],
    proration,
    at: portal.ledger.now(subscription.customer),
  }
  const due = formatMoney(previewInvoice(portal.ledger, subscription, change).amount_due, price.currency)
  const restarts = price.recurring?.interval !== item.price.recurring?.interval
  return restarts || proration === "always_invoice" ? `${due} due now` : `${due} on the next invoice`
}
