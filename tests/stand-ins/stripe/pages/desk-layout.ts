import type { Context } from "../control/context"
import { type Html, html } from "./html"
import { button, documentOf, notice, type PageAnswer } from "./layout"
import { moment } from "./show"

const PLACES = [
  ["/", "Customers"],
  ["/checkouts", "Checkouts"],
  ["/events", "Events"],
  ["/conditions", "Conditions"],
] as const

const JUMPS: [text: string, by: Record<string, string>][] = [
  ["+ 1 hour", { hours: "1" }],
  ["+ 1 day", { days: "1" }],
  ["+ 8 days", { days: "8" }],
  ["+ 1 month", { months: "1" }],
]

const ALONE = "Only Stripe’s clock moves: the app keeps the time of this machine."
const FOLLOWED =
  "The app keeps this time, too, and everything ages with it: plans, invitations, sign-in links. To see a plan run out: open a customer whose card is declined, or make it so, go on to the next payment, then + 8 days, and + 1 month."

export interface Flash {
  text: string
  bad: boolean
}

/** A page of the control desk, with Stripe's clock on top. */
export function deskPage(
  context: Context,
  here: string,
  title: string,
  body: Html,
  flash: Flash | null,
): PageAnswer {
  const { ledger, webhooks, faults } = context
  const links = PLACES.map(
    ([href, name]) => html`<a href="${href}" ${href === here && html`aria-current="page"`}>${name}</a>`,
  )
  const ahead = Math.round(ledger.clock.offset / 86_400)
  const unusual = [
    webhooks.settings.mode !== "ordered" && `webhooks are ${webhooks.settings.mode}`,
    webhooks.settings.copies > 1 && `every webhook goes out ${webhooks.settings.copies} times`,
    faults.list().length > 0 && "the API is faulty",
  ].filter(text => text !== false)
  const page = html`<div class="wrap"><header class="top"><strong>${ledger.settings.appName} at Local Stripe</strong><nav aria-label="Desk">${links}</nav></header>
<main>
<div class="clock"><span>Stripe’s time: ${moment(ledger.clock.now())} ${ahead > 0 && html`<small>(${ahead} days ahead)</small>`}<small class="aside">${ledger.clock.follower ? FOLLOWED : ALONE}</small></span>
<div class="row">${JUMPS.map(([text, by]) => button("/desk/advance", text, { ...by, back: here }))}</div></div>
${unusual.length > 0 && html`<p class="notice plain" role="note">At present ${unusual.join(", and ")}. <a href="/conditions">Conditions</a></p>`}
${flash && notice(flash.text, flash.bad ? "bad" : "good")}
<h1>${title}</h1>${body}</main></div>`
  return { page: documentOf(title, page) }
}
