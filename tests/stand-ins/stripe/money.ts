// Stripe's list of currencies that have no minor unit: https://docs.stripe.com/currencies#zero-decimal
const ZERO_DECIMAL = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "))

/** An amount in minor units as people read it: `formatMoney(2900, "usd")` is `$29.00`. */
export function formatMoney(amount: number, currency: string): string {
  const value = ZERO_DECIMAL.has(currency) ? amount : amount / 100
  return new Intl.NumberFormat("en-US", { style: "currency", currency: currency.toUpperCase() }).format(value)
}

/** The share of an amount that falls on the rest of a period, rounded to the minor unit. */
export function prorate(amount: number, quantity: number, from: number, start: number, end: number): number {
  if (end <= start) return 0
  const rest = Math.min(Math.max(end - from, 0), end - start)
  return Math.round((amount * quantity * rest) / (end - start))
}
