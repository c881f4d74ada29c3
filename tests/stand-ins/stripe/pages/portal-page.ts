import { periodEnd } from "../billing/cancelling"
import type { Context } from "../control/context"
import { formatMoney } from "../money"
import type { SubscriptionObject } from "../objects"
import { type Html, html } from "./html"
import { button, documentOf, messagePage, notice, type PageAnswer } from "./layout"
import { liveSubscriptions, openPortal, type Portal } from "./portal"
import { cardView, confirmView, customerView, doneView, methodText } from "./portal-flows"
import { cancelView, plansView } from "./portal-views"
import { badge, day, priceText } from "./show"

/** The customer portal, or the part of it the session was opened for. */
export function showPortal(
  context: Context,
  id: string,
  query: URLSearchParams,
  problem: string | null = null,
): PageAnswer {
  const portal = openPortal(context.ledger, id)
  if (!portal)
    return messagePage(
      "Page not found",
      "This link is not valid. Open the portal again from where you came.",
      null,
    )
  const view = query.get("view") ?? flowView(portal)
  const subscription = context.ledger.subscriptions.get(query.get("subscription") ?? flowSubscription(portal))
  const mine = subscription?.customer === portal.customer.id ? subscription : undefined
  const part = viewOf(portal, view, mine)
  const shop = context.ledger.settings.appName
  const back = portal.session.return_url
  const body = html`<div class="wrap"><header class="top"><strong>${shop}</strong><span class="soft">${portal.customer.email}</span>
${back && html`<a href="${back}">← Return to ${shop}</a>`}</header><main>${notice(problem, "bad")}${part}</main></div>`
  return { page: documentOf("Billing", body), status: problem === null ? 200 : 402 }
}

const FLOWS: Record<string, string> = {
  customer_update: "customer",
  payment_method_update: "card",
  subscription_cancel: "cancel",
  subscription_update: "plans",
  subscription_update_confirm: "confirm",
}

const flowView = ({ session }: Portal): string => FLOWS[session.flow?.type ?? ""] ?? "home"

function viewOf(portal: Portal, view: string, mine: SubscriptionObject | undefined): Html {
  const { features } = portal
  if (view === "done") return doneView(portal)
  if (view === "card" && features.payment_method_update.enabled) return cardView(portal)
  if (view === "customer" && features.customer_update.enabled) return customerView(portal)
  if (mine && !mine.ended_at && view === "cancel") return cancelView(portal, mine)
  if (mine && !mine.ended_at && view === "plans") return plansView(portal, mine)
  if (mine && !mine.ended_at && view === "confirm") return confirmView(portal, mine)
  return home(portal)
}

function flowSubscription({ session }: Portal): string | null {
  const flow = session.flow
  const target = flow?.subscription_cancel ?? flow?.subscription_update ?? flow?.subscription_update_confirm
  return target?.subscription ?? null
}

function home(portal: Portal): Html {
  const subscriptions = liveSubscriptions(portal.ledger, portal.customer.id)
  return html`<h1>Manage your subscription</h1>
<h2>Current plan</h2>
${subscriptions.length === 0 ? html`<div class="card empty">There is no subscription at present.</div>` : subscriptions.map(row => planCard(portal, row))}
${portal.features.payment_method_update.enabled && paymentMethod(portal)}
${portal.features.customer_update.enabled && customerCard(portal)}
${portal.features.invoice_history.enabled && invoices(portal)}`
}

function planCard(portal: Portal, subscription: SubscriptionObject): Html {
  const item = subscription.items.data[0]
  const name = portal.ledger.products.get(item?.price.product)?.name ?? "Subscription"
  const { subscription_cancel, subscription_update } = portal.features
  const link = (view: string) => `${portal.base}?view=${view}&subscription=${subscription.id}`
  const ends = subscription.cancel_at
  return html`<div class="card"><div class="row"><strong>${name}</strong>${badge(subscription.status)}</div>
<p class="total figure smaller">${item && priceText(item.price)}</p>
<p class="soft">${subscription.status === "trialing" && "Trial. "}${ends !== null ? html`Ends on ${day(ends)}.` : html`Renews on ${day(periodEnd(subscription))}.`}</p>
<div class="row">
${subscription_update.enabled && ends === null && html`<a class="button main" href="${link("plans")}">Change plan</a>`}
${ends !== null && button(`${portal.base}/undo`, "Keep the plan", { subscription: subscription.id }, "main")}
${subscription_cancel.enabled && ends === null && html`<a class="button" href="${link("cancel")}">Cancel plan</a>`}
</div></div>`
}

function paymentMethod(portal: Portal): Html {
  return html`<h2>Payment method</h2><div class="card"><p>${methodText(portal)}</p>
<div class="row">${button(`${portal.base}/card`, "Use a card that works", { card: "works" })}${button(`${portal.base}/card`, "Use a card that is declined", { card: "declines" })}</div></div>`
}

function customerCard({ customer, base }: Portal): Html {
  return html`<h2>Billing information</h2><div class="card"><p>${customer.name ?? "No name"}, ${customer.email}</p><div class="row"><a class="button" href="${base}?view=customer">Update</a></div></div>`
}

function invoices(portal: Portal): Html {
  const rows = portal.ledger.invoices
    .filter(row => row.customer === portal.customer.id && row.number !== null)
    .reverse()
  if (rows.length === 0)
    return html`<h2>Invoices</h2><div class="card empty">There are no invoices yet.</div>`
  return html`<h2>Invoices</h2><div class="card"><table class="stack"><thead><tr><th>Date</th><th>Number</th><th>State</th><th class="right">Amount</th><th class="right">Open</th></tr></thead><tbody>
${rows.map(
  row => html`<tr><td data-name="Date">${day(row.created)}</td><td data-name="Number">${row.number}</td><td data-name="State">${badge(row.status)}</td>
<td data-name="Amount" class="right figure">${formatMoney(row.total, row.currency)}</td><td class="right"><a href="/i/${row.id}">View</a> · <a href="/i/${row.id}/pdf">PDF</a></td></tr>`,
)}</tbody></table></div>`
}
