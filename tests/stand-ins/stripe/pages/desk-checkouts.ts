import type { Context } from "../control/context"
import { formatMoney } from "../money"
import type { SessionObject } from "../objects"
import { deskPage, type Flash } from "./desk-layout"
import { type Html, html } from "./html"
import { button, type PageAnswer } from "./layout"
import { badge, moment } from "./show"

/** The checkout sessions, newest first: open the page, expire, let a bank debit arrive or come back. */
export function showCheckouts(context: Context, flash: Flash | null): PageAnswer {
  const rows = context.ledger.sessions.all().reverse().slice(0, 200)
  const empty = html`<div class="card empty"><h2>No checkouts yet</h2><p>They appear here once somebody chooses a plan.</p></div>`
  const list = html`<div class="card"><table class="stack"><thead><tr><th>Begun</th><th>Buyer</th><th>Amount</th><th>State</th><th>Do</th></tr></thead><tbody>${rows.map(sessionRow)}</tbody></table></div>`
  return deskPage(context, "/checkouts", "Checkouts", rows.length === 0 ? empty : list, flash)
}

function sessionRow(session: SessionObject): Html {
  const fields = { session: session.id, back: "/checkouts" }
  const debit = session.status === "complete" && session.payment_status === "unpaid"
  return html`<tr><td data-name="Begun">${moment(session.created)}</td><td data-name="Buyer">${session.customer_details?.email ?? session.customer_email ?? "–"}</td>
<td data-name="Amount" class="figure">${formatMoney(session.amount_total ?? 0, session.currency ?? "usd")}</td>
<td data-name="State">${badge(session.status)} ${session.status === "complete" && badge(session.payment_status)}</td>
<td><div class="row">${session.status === "open" && html`<a class="button" href="/c/pay/${session.id}">Open</a>${button("/desk/expire", "Expire", fields)}`}
${debit && html`${button("/desk/settle", "Debit arrives", fields)}${button("/desk/fail", "Debit comes back", fields)}`}</div></td></tr>`
}
