// One language, one way to write a date: no reader has to guess which number is the month.
const locale = "en-GB"

// Stripe counts every currency in hundredths but these. https://docs.stripe.com/currencies#zero-decimal
const wholeUnitCurrencies = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" ")
// https://docs.stripe.com/currencies#three-decimal
const thousandthCurrencies = "BHD JOD KWD OMR TND".split(" ")

/** How many decimals the smallest unit of a currency stands for in Stripe's amounts. */
export function currencyDecimals(currency: string): 0 | 2 | 3 {
  const code = currency.toUpperCase()
  if (wholeUnitCurrencies.includes(code)) return 0
  return thousandthCurrencies.includes(code) ? 3 : 2
}

/** An amount in the currency's smallest unit, such as 2900 and "usd": "$29.00", or "$29" when short. */
export function formatMoney(amount: number, currency: string, { short = false } = {}): string {
  const decimals = currencyDecimals(currency)
  const units = amount / 10 ** decimals
  const shown = short && Number.isInteger(units) ? 0 : decimals
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency.toUpperCase(),
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(units)
}

/** "20 Nov 2026, 10:33 UTC" in the named zone, or in the zone of the machine it runs on. */
export function formatDateTime(moment: Date | number | string, timeZone?: string): string {
  const text = dateTimeFormat(timeZone).format(new Date(moment))
  return timeZone === "UTC" ? `${text} UTC` : text
}

/** "20 Nov 2026" in the named zone, or in the zone of the machine it runs on. */
export function formatDate(moment: Date | number | string, timeZone?: string): string {
  return dateFormat(timeZone).format(new Date(moment))
}

/** "20 Nov 2026 (UTC)": a day for readers whose zone nobody knows. */
export function formatUtcDate(moment: Date | number | string): string {
  return `${formatDate(moment, "UTC")} (UTC)`
}

const date = { day: "numeric", month: "short", year: "numeric" } as const
const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const
const dateFormat = perZone(date)
const dateTimeFormat = perZone({ ...date, ...time })
const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })

/** One format for each zone: making it costs a hundred times what using it does, and a list shows fifty times. */
function perZone(options: Intl.DateTimeFormatOptions) {
  const made = new Map<string | undefined, Intl.DateTimeFormat>()
  return (timeZone?: string): Intl.DateTimeFormat => {
    const known = made.get(timeZone) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone })
    made.set(timeZone, known)
    return known
  }
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const spans = [
  { unit: "year", length: 365 * day },
  { unit: "month", length: 30 * day },
  { unit: "week", length: 7 * day },
  { unit: "day", length: day },
  { unit: "hour", length: hour },
  { unit: "minute", length: minute },
] as const

/** "just now", "3 minutes ago", "in 2 days", "yesterday"; `now` in milliseconds. */
export function formatRelative(moment: Date | number | string, now = Date.now()): string {
  const distance = new Date(moment).getTime() - now
  const span = spans.find(({ length }) => Math.abs(distance) >= length)
  if (!span) return distance > 0 ? "in a moment" : "just now"
  return relativeFormat.format(Math.trunc(distance / span.length), span.unit)
}

/** A length of time in words, rounded up so that waiting that long is enough: "1 minute", "3 hours". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < minute) return plural(Math.max(1, Math.ceil(milliseconds / second)), "second")
  if (milliseconds < hour) return plural(Math.ceil(milliseconds / minute), "minute")
  if (milliseconds < 2 * day) return plural(Math.ceil(milliseconds / hour), "hour")
  return plural(Math.ceil(milliseconds / day), "day")
}

/** "1 member", "2 members", "1,200 members"; irregular plurals are given. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}

/** "1,200" */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale).format(value)
}

/** "Ada, Ben and Cy" */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(items)
}

/** One or two letters for a name, or one for an address: "Ada Lovelace" → "AL", "ada@example.com" → "A". */
export function initials(name: string): string {
  const words =
    name
      .split("@")[0]
      ?.split(/[\s._-]+/)
      .filter(word => /[\p{L}\p{N}]/u.test(word)) ?? []
  const chosen = name.includes("@")
    ? words.slice(0, 1)
    : [words[0], words.length > 1 ? words.at(-1) : undefined]
  const letters = chosen.map(word => word?.match(/[\p{L}\p{N}]/u)?.[0] ?? "")
  return letters.join("").toUpperCase() || "?"
}
