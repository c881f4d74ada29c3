import type { Environment } from "~/platform/environment.server"

export type Problem = { name: string; words: string }

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"]

function parseUrl(value: string | undefined): URL | undefined {
  return value && URL.canParse(value) ? new URL(value) : undefined
}

/** Whether an address points at this machine. */
export function isLoopbackUrl(value: string): boolean {
  return loopbackNames.includes(parseUrl(value)?.hostname ?? "")
}

/** Whether APP_URL is an address this app can promise to live at. */
export function addressProblems(e: Environment): Problem[] {
  const url = parseUrl(e.APP_URL)
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    return [{ name: "APP_URL", words: "must be the full public address, such as https://gate.example.com." }]
  }
  if (url.pathname !== "/" || url.search || url.hash || url.username) {
    return [{ name: "APP_URL", words: "must be an origin only, without path, query or user name." }]
  }
  if (e.NODE_ENV === "production" && url.protocol !== "https:" && !isLoopbackUrl(e.APP_URL)) {
    return [
      { name: "APP_URL", words: "must start with https:// in production (only localhost may be http)." },
    ]
  }
  return []
}

/** What production refuses to start with. */
export function productionProblems(e: Environment): Problem[] {
  if (e.NODE_ENV !== "production") return []
  const problems: Problem[] = []
  if (!e.APP_SECRET) {
    problems.push({ name: "APP_SECRET", words: "is missing. Make one with: openssl rand -base64 32" })
  } else if (e.APP_SECRET.length < 32 || new Set(e.APP_SECRET).size < 10) {
    problems.push({
      name: "APP_SECRET",
      words: "is too weak. Use 32 or more random characters: openssl rand -base64 32",
    })
  }
  if (e.STRIPE_API_URL) {
    problems.push({
      name: "STRIPE_API_URL",
      words: "points at a stand-in for Stripe, which production refuses.",
    })
  }
  if (e.MAILBOX_URL) {
    problems.push({
      name: "MAILBOX_URL",
      words: "points at a stand-in for a mailbox, which production refuses.",
    })
  }
  if (e.GATEHOUSE_CRASH_AT) {
    problems.push({ name: "GATEHOUSE_CRASH_AT", words: "is for tests only." })
  }
  return problems
}

/** Settings that only make sense together, or not together. */
export function pairProblems(e: Environment): Problem[] {
  const problems: Problem[] = []
  if (e.SMTP_HOST && !e.MAIL_FROM) {
    problems.push({
      name: "MAIL_FROM",
      words: "is missing: mail needs a sender, such as Acme <hello@example.com>.",
    })
  }
  if (e.SMTP_USER && !e.SMTP_PASSWORD) {
    problems.push({ name: "SMTP_PASSWORD", words: "is missing although SMTP_USER is set." })
  }
  if (e.STRIPE_API_URL && !isLoopbackUrl(e.STRIPE_API_URL)) {
    problems.push({ name: "STRIPE_API_URL", words: "may only point at this machine." })
  }
  if (e.STRIPE_API_URL && e.STRIPE_SECRET_KEY?.includes("_live_")) {
    problems.push({ name: "STRIPE_API_URL", words: "cannot be used beside a live key." })
  }
  if (e.STRIPE_SECRET_KEY && !/^(sk|rk)_(test|live)_/.test(e.STRIPE_SECRET_KEY)) {
    problems.push({
      name: "STRIPE_SECRET_KEY",
      words: "must start with sk_test_, sk_live_, rk_test_ or rk_live_.",
    })
  }
  for (const name of ["STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS"] as const) {
    if (e[name] && !e[name].startsWith("whsec_")) problems.push({ name, words: "must start with whsec_." })
  }
  return problems
}
