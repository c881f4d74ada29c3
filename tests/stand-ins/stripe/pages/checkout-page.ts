import { applyPromotionCode, finishCheckout, redirectOf } from "../control/buying"
import type { Context } from "../control/context"
import { StripeFailure } from "../errors"
import type { FormMap } from "../form-encoding"
import { formatMoney } from "../money"
import type { LineItemObject, SessionObject } from "../objects"
import { type Html, html } from "./html"
import { documentOf, messagePage, notice, type PageAnswer } from "./layout"
import { priceText } from "./show"

/** The hosted checkout page of a session, or why there is nothing left to pay. */
export function showCheckout({ ledger }: Context, id: string, problem: string | null = null): PageAnswer {
  const session = ledger.sessions.get(id)
  if (!session) return notFound()
  const back = session.cancel_url
  if (session.status === "complete") {
    const onward = redirectOf(session)
    return messagePage(
      "You are all done here",
      "This payment is complete.",
      onward ? { href: onward, text: "Continue" } : null,
    )
  }
  if (session.status !== "open") {
    return messagePage(
      "This page has expired",
      "Ask for a new one where you came from.",
      back ? { href: back, text: "Go back" } : null,
    )
  }
  const items = ledger.sessionFacts.require(id).lineItems
  const body = html`<main class="pay">
<section aria-label="Order"><div>${summary(ledger.settings.appName, session, items)}</div></section>
<section aria-label="Payment"><div>${paymentForm(session, emailOf(ledger.customers.get(session.customer)?.email, session), problem)}</div></section>
</main>`
  return { page: documentOf(`Pay ${ledger.settings.appName}`, body), status: problem === null ? 200 : 402 }
}

const notFound = (): PageAnswer => messagePage("Page not found", "There is no such checkout.", null)

const emailOf = (customer: string | null | undefined, session: SessionObject) =>
  session.customer_email ?? customer ?? null

function summary(shop: string, session: SessionObject, items: LineItemObject[]): Html {
  const currency = session.currency ?? "usd"
  const money = (amount: number | null | undefined) => formatMoney(amount ?? 0, currency)
  const recurring = items.find(item => item.price.recurring)
  const discount = session.total_details?.amount_discount ?? 0
  const trial = recurring !== undefined && (session.amount_subtotal ?? 0) < (recurring.amount_total ?? 0)
  return html`<p class="shop">${session.cancel_url && html`<a href="${session.cancel_url}" aria-label="Back to ${shop}">←</a>`}<span aria-hidden="true">${shop.charAt(0)}</span>${shop}</p>
<h1 class="soft">${recurring ? `Subscribe to ${recurring.description ?? shop}` : `Pay ${shop}`}</h1>
<p class="total figure">${money(session.amount_total)}<small>${trial ? "due today, then " : ""}${recurring && trial ? priceText(recurring.price) : recurring ? `per ${recurring.price.recurring?.interval}` : ""}</small></p>
<ul class="sum figure">
${items.map(item => html`<li><span>${item.description}<small>${(item.quantity ?? 1) > 1 && `${item.quantity} × `}${priceText(item.price)}</small></span><span>${trial && item.price.recurring ? "Free trial" : money(item.amount_total)}</span></li>`)}
${discount > 0 && html`<li><span>Promotion</span><span>−${money(discount)}</span></li>`}
${session.automatic_tax.enabled && html`<li><span>Tax</span><span>${session.automatic_tax.status === "complete" ? money(session.total_details?.amount_tax) : "from your country"}</span></li>`}
<li class="strong"><span>Total due today</span><span>${money(session.amount_total)}</span></li>
</ul>
${session.allow_promotion_codes && discount === 0 && promotionForm(session)}`
}

function promotionForm(session: SessionObject): Html {
  return html`<form method="post" action="/c/pay/${session.id}/promotion"><label for="promotion">Promotion code</label>
<div class="inline"><input id="promotion" name="code" autocomplete="off" required><button>Apply</button></div></form>`
}

function paymentForm(session: SessionObject, email: string | null, problem: string | null): Html {
  const fixed = session.customer !== null && email !== null
  const verb = session.mode === "subscription" ? "Subscribe" : "Pay"
  return html`<form method="post" action="/c/pay/${session.id}">
${notice(problem, "bad")}
<h2>Contact</h2>
<div class="field"><label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="email" required value="${email}" ${fixed && html`readonly`}></div>
<h2>Payment</h2>
<div class="testcard"><span>4242 4242 4242 4242</span><span>12 / 34</span></div>
<div class="field"><label for="name">Name on card</label><input id="name" name="name" autocomplete="cc-name" value="Test Buyer" required></div>
${asksCountry(session) && countryField()}
${session.tax_id_collection?.enabled && businessFields()}
${session.custom_fields.map(field => customField(field))}
<button class="main wide" name="outcome" value="paid">${verb} with the test card</button>
${session.custom_text.submit && html`<p class="legal">${session.custom_text.submit.message}</p>`}
<div class="or">
<button name="outcome" value="declined">Card declined</button>
<button name="outcome" value="bank_debit">Bank debit, arrives later</button>
</div>
</form>
<p class="legal">${session.cancel_url && html`<a href="${session.cancel_url}">Back</a> · `}The page goes on once the shop has answered the webhook, or after ten seconds.</p>`
}

const asksCountry = (session: SessionObject) =>
  session.automatic_tax.enabled || session.billing_address_collection === "required"

const COUNTRIES = "US AT AU BE CA CH DE DK ES FI FR GB IE IT JP NL NO PL PT SE".split(" ")

function countryField(): Html {
  const names = new Intl.DisplayNames("en", { type: "region" })
  const options = COUNTRIES.map(code => html`<option value="${code}">${names.of(code) ?? code}</option>`)
  return html`<div class="field"><label for="country">Country</label><select id="country" name="country" autocomplete="country">${options}</select></div>`
}

function businessFields(): Html {
  return html`<div class="field"><label for="business">Business name (optional)</label><input id="business" name="business_name" autocomplete="organization"></div>
<div class="field"><label for="tax">VAT number (optional)</label><input id="tax" name="tax_id" autocomplete="off"></div>`
}

function customField(field: SessionObject["custom_fields"][number]): Html {
  const id = `custom-${field.key}`
  const name = `custom[${field.key}]`
  const required = !field.optional && html`required`
  const label = html`<label for="${id}">${field.label.custom}${field.optional && " (optional)"}</label>`
  if (field.dropdown) {
    const options = field.dropdown.options.map(
      option => html`<option value="${option.value}">${option.label}</option>`,
    )
    return html`<div class="field">${label}<select id="${id}" name="${name}" ${required}>${options}</select></div>`
  }
  const limits = field.text ?? field.numeric
  const numeric = field.numeric && html`inputmode="numeric" pattern="[0-9]*"`
  const most = limits?.maximum_length && html`maxlength="${limits.maximum_length}"`
  const value = limits?.default_value
  return html`<div class="field">${label}<input id="${id}" name="${name}" value="${value}" ${required} ${numeric} ${most}></div>`
}

/** One of the page's buttons was pressed. */
export async function submitCheckout(context: Context, id: string, form: FormMap): Promise<PageAnswer> {
  if (context.ledger.sessions.get(id)?.status !== "open") return showCheckout(context, id)
  const given = (name: string) =>
    typeof form[name] === "string" && form[name] !== "" ? form[name] : undefined
  const outcome = given("outcome")
  try {
    const { redirect } = await finishCheckout(context, {
      session: id,
      outcome: outcome === "declined" || outcome === "bank_debit" ? outcome : "paid",
      email: given("email"),
      name: given("name"),
      businessName: given("business_name"),
      country: given("country"),
      taxId: given("tax_id"),
      customFields: textMap(form.custom),
      subscriptionStatus: "incomplete",
      wait: true,
    })
    if (outcome === "declined") return showCheckout(context, id, "Your card was declined. Try another one.")
    return redirect === null ? showCheckout(context, id) : { redirect }
  } catch (error) {
    if (error instanceof StripeFailure) return showCheckout(context, id, error.message)
    throw error
  }
}

/** A promotion code was typed. */
export function submitPromotion(context: Context, id: string, form: FormMap): PageAnswer {
  const session = context.ledger.sessions.get(id)
  if (session?.status !== "open") return showCheckout(context, id)
  try {
    applyPromotionCode(context.ledger, session, typeof form.code === "string" ? form.code : "")
    return { redirect: `/c/pay/${id}` }
  } catch (error) {
    if (error instanceof StripeFailure) return showCheckout(context, id, error.message)
    throw error
  }
}

function textMap(form: FormMap[string] | undefined): Record<string, string> {
  if (form === undefined || typeof form === "string" || Array.isArray(form)) return {}
  return Object.fromEntries(
    Object.entries(form).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  )
}
