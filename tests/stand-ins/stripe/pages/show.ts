import { formatMoney } from "../money"
import type { PriceObject } from "../objects"
import { type Html, html } from "./html"

const DAY_FORMAT = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const
const TIME_FORMAT = { ...DAY_FORMAT, hour: "2-digit", minute: "2-digit", second: "2-digit" } as const

export function day(time: number): Html {
  const date = new Date(time * 1000)
  return html`<time datetime="${date.toISOString()}">${date.toLocaleDateString("en-GB", DAY_FORMAT)}</time>`
}

export function moment(time: number): Html {
  const date = new Date(time * 1000)
  return html`<time datetime="${date.toISOString()}">${date.toLocaleString("en-GB", TIME_FORMAT)} UTC</time>`
}

/** "$29.00 per month", "$290.00 per year", "$19.99". */
export function priceText(price: PriceObject): string {
  const amount = formatMoney(price.unit_amount ?? 0, price.currency)
  if (!price.recurring) return amount
  const { interval, interval_count } = price.recurring
  return interval_count === 1 ? `${amount} per ${interval}` : `${amount} every ${interval_count} ${interval}s`
}

const LOOKS: Record<string, string> = {
  active: "good",
  paid: "good",
  complete: "good",
  delivered: "good",
  succeeded: "good",
  won: "good",
  trialing: "good",
  open: "warn",
  incomplete: "warn",
  past_due: "warn",
  unpaid: "warn",
  paused: "warn",
  held: "warn",
  waiting: "warn",
  sending: "warn",
  retrying: "warn",
  processing: "warn",
  pending: "warn",
  needs_response: "warn",
  warning_needs_response: "warn",
  under_review: "warn",
  uncollectible: "bad",
  void: "bad",
  failed: "bad",
  canceled: "bad",
  incomplete_expired: "bad",
  expired: "bad",
  dropped: "bad",
  lost: "bad",
}

/** A state in words, coloured, never by colour alone. */
export function badge(state: string | null): Html {
  const text = (state ?? "none").replaceAll("_", " ")
  return html`<span class="badge ${LOOKS[state ?? ""] ?? ""}">${text.charAt(0).toUpperCase() + text.slice(1)}</span>`
}
