import type { Context } from "../control/context"
import { FAULT_KINDS } from "../faults"
import { deskPage, type Flash } from "./desk-layout"
import { type Html, html } from "./html"
import { button, type PageAnswer } from "./layout"

const MODES: Record<string, string> = {
  ordered: "In order, as things happen",
  shuffled: "Shuffled",
  delayed: "Late",
  held: "Held until released by hand",
  dropped: "Lost",
  random: "At random: some lost, some twice, some late",
}

const FAULTS: Record<string, string> = {
  "429": "Too many requests (429)",
  "500": "Server error (500)",
  hang: "No answer at all",
  reset: "Connection closed",
  truncated: "Answer cut off half-way",
  html: "An HTML page instead of JSON (502)",
  slow: "An answer after five seconds",
}

const DUNNING: Record<string, string> = {
  canceled: "it is cancelled",
  unpaid: "it stays, unpaid",
  past_due: "it stays, past due",
}

/** How webhooks travel, what goes wrong with the API, and what follows a failed payment. */
export function showConditions(context: Context, flash: Flash | null): PageAnswer {
  const { settings } = context.webhooks
  const { retryDays, afterwards } = context.ledger.dunning
  const faults = context.faults.list()
  const back = html`<input type="hidden" name="back" value="/conditions">`
  const body = html`<div class="columns">
<form class="card" method="post" action="/desk/delivery">${back}<h2>Webhooks</h2>
<div class="field"><label for="mode">They go out</label><select id="mode" name="mode">${options(MODES, settings.mode)}</select></div>
<div class="field"><label for="copies">Copies of each</label><input id="copies" name="copies" type="number" min="1" max="100" value="${settings.copies}"></div>
<div class="field"><label for="delay">Milliseconds late, when late</label><input id="delay" name="delay" type="number" min="0" max="600000" value="${settings.delayMs}"></div>
<button class="main">Set</button></form>
<form class="card" method="post" action="/desk/fault">${back}<h2>API</h2>
<div class="field"><label for="kind">What goes wrong</label><select id="kind" name="kind">${options(Object.fromEntries(FAULT_KINDS.map(kind => [kind, FAULTS[kind] ?? kind])), "500")}</select></div>
<div class="field"><label for="times">For how many calls (empty: until cleared)</label><input id="times" name="times" type="number" min="1" value="1"></div>
<div class="field"><label for="after">When</label><select id="after" name="after"><option value="false">Before the call has an effect</option><option value="true">After it had its effect</option></select></div>
<button class="main">Set</button></form>
<form class="card" method="post" action="/desk/dunning">${back}<h2>Failed payments</h2>
<div class="field"><label for="retry">Days between the attempts</label><input id="retry" name="retry" value="${retryDays.join(", ")}" pattern="[0-9, ]*"></div>
<div class="field"><label for="afterwards">After the last attempt</label><select id="afterwards" name="afterwards">${options(DUNNING, afterwards)}</select></div>
<button class="main">Set</button></form></div>
${faults.length > 0 && html`<h2>At present</h2><div class="card"><p>${faults.map(fault => html`${FAULTS[fault.kind]}${fault.times === null ? " until cleared" : `, ${fault.times} more`}. `)}</p>${button("/desk/clear-faults", "Clear", { back: "/conditions" })}</div>`}
${endpoints(context)}`
  return deskPage(context, "/conditions", "Conditions", body, flash)
}

function options(names: Record<string, string>, chosen: string): Html[] {
  return Object.entries(names).map(
    ([value, name]) => html`<option value="${value}" ${value === chosen && html`selected`}>${name}</option>`,
  )
}

function endpoints({ ledger }: Context): Html {
  const rows = ledger.webhookEndpoints.all()
  if (rows.length === 0)
    return html`<h2>Endpoints</h2><div class="card empty">No endpoint yet: nobody is told what happens here.</div>`
  return html`<h2>Endpoints</h2>${rows.map(row => html`<div class="card"><dl><dt>Address</dt><dd>${row.url}</dd><dt>State</dt><dd>${row.status}</dd><dt>Types</dt><dd>${row.enabled_events.join(", ")}</dd></dl></div>`)}`
}
