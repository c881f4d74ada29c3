import type { Context } from "../control/context"
import type { Delivery } from "../delivery/delivery"
import type { EventObject } from "../objects"
import { deskPage, type Flash } from "./desk-layout"
import { type Html, html } from "./html"
import { button, messagePage, type PageAnswer } from "./layout"
import { badge, moment } from "./show"

const PAGE = 50

/** What happened, newest first, with how far each webhook came. */
export function showEvents(context: Context, query: URLSearchParams, flash: Flash | null): PageAnswer {
  const { ledger } = context
  const start = Math.max(0, Number(query.get("from") ?? 0) || 0)
  const all = ledger.events.all().reverse()
  const rows = all.slice(start, start + PAGE).map(row => eventRow(row, ledger.deliveries.of(row.id)))
  const held = ledger.deliveries.filter(row => row.state === "held").length
  const body = html`${held > 0 && html`<div class="card"><p>${held} webhooks are held.</p><div class="row">${button("/desk/release-all", "Release in order", { order: "happened", back: "/events" }, "main")}${button("/desk/release-all", "Release backwards", { order: "reversed", back: "/events" })}${button("/desk/release-all", "Release shuffled", { order: "shuffled", back: "/events" })}</div></div>`}
<div class="card">${rows.length === 0 ? html`<div class="empty">Nothing has happened yet.</div>` : html`<table class="stack"><thead><tr><th>Event</th><th>When</th><th>Webhook</th></tr></thead><tbody>${rows}</tbody></table>`}</div>
<div class="row">${start > 0 && html`<a class="button" href="/events?from=${Math.max(0, start - PAGE)}">Newer</a>`}${all.length > start + PAGE && html`<a class="button" href="/events?from=${start + PAGE}">Older</a>`}</div>`
  return deskPage(context, "/events", "Events", body, flash)
}

function eventRow(event: EventObject, deliveries: Delivery[]): Html {
  const states = [...new Set(deliveries.map(row => row.state))]
  const shown =
    states.length === 0
      ? html`<small>nobody asked for it</small>`
      : states.map(state => html`${badge(state)} `)
  const copies = deliveries.length > 1 && html`<small>${deliveries.length} copies</small>`
  return html`<tr><td data-name="Event"><a href="/events/${event.id}">${event.type}</a></td><td data-name="When">${moment(event.created)}</td><td data-name="Webhook">${shown} ${copies}</td></tr>`
}

/** One event: its deliveries with every attempt, and its body. */
export function showEvent(context: Context, id: string, flash: Flash | null): PageAnswer {
  const event = context.ledger.events.get(id)
  if (!event)
    return messagePage("Page not found", "There is no such event.", { href: "/events", text: "All events" })
  const back = `/events/${id}`
  const deliveries = context.ledger.deliveries.of(id)
  const body = html`<div class="row">${button("/desk/resend", "Send again", { event: id, copies: "1", back }, "main")}${button("/desk/resend", "Send ten copies at once", { event: id, copies: "10", back })}<a class="button" href="/events">All events</a></div>
<h2>Deliveries</h2>${deliveries.length === 0 ? html`<div class="card empty">No endpoint asked for this type.</div>` : deliveries.map(row => deliveryCard(row, back))}
<h2>Body</h2><div class="card"><pre>${JSON.stringify(event, null, 2)}</pre></div>`
  return deskPage(context, "", event.type, body, flash)
}

function deliveryCard(delivery: Delivery, back: string): Html {
  const attempts = delivery.attempts.map(
    attempt =>
      html`<tr><td data-name="At">${moment(attempt.at / 1000)}</td><td data-name="Answer">${attempt.status ?? attempt.error}</td><td data-name="Took" class="figure">${attempt.milliseconds} ms</td></tr>`,
  )
  const waits = delivery.state === "held" || delivery.state === "dropped"
  return html`<div class="card"><div class="row">${badge(delivery.state)}<span class="soft">${delivery.url}</span>${waits && button("/desk/release", "Release", { delivery: delivery.id, back })}</div>
${attempts.length > 0 && html`<table class="stack gap"><thead><tr><th>At</th><th>Answer</th><th>Took</th></tr></thead><tbody>${attempts}</tbody></table>`}</div>`
}
