import proxyaddr from "proxy-addr"
import type { Environment } from "~/platform/environment.server"
import { parseMailAddress } from "~/platform/mailer-address.server"

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

/**
 * Whether passkeys can work as set: only a page at WEBAUTHN_RP_ID, or below it, may ask for them, and only over https or on this
 * machine (https://www.w3.org/TR/webauthn-3/#rp-id).
 */
export function passkeyProblems(e: Environment): Problem[] {
  const { WEBAUTHN_RP_ID: id, WEBAUTHN_RP_ORIGIN: origin } = e
  const url = parseUrl(origin ?? e.APP_URL)
  if (!url) return origin ? [{ name: "WEBAUTHN_RP_ORIGIN", words: "must be a full address." }] : []
  if (origin && url.protocol !== "https:" && !isLoopbackUrl(origin)) {
    return [{ name: "WEBAUTHN_RP_ORIGIN", words: "must start with https:// (only localhost may be http)." }]
  }
  const name = id?.toLowerCase()
  const holds = name?.includes(".") && url.hostname.endsWith(`.${name}`)
  if (name === undefined || url.hostname === name || holds) return []
  return [{ name: "WEBAUTHN_RP_ID", words: `must be ${url.hostname}, or a domain that holds it.` }]
}

/** Stands in for APP_SECRET while nobody but this machine can reach the app. */
export const developmentSecret = "development-only-secret-never-used-in-production"

const howToMakeOne = "Make one with: openssl rand -base64 32"

/** Whether APP_SECRET can keep a secret, wherever others can reach the app. */
export function secretProblems(e: Environment): Problem[] {
  if (e.NODE_ENV !== "production" && isLoopbackUrl(e.APP_URL)) return []
  if (!e.APP_SECRET) return [{ name: "APP_SECRET", words: `is missing. ${howToMakeOne}` }]
  const weak =
    e.APP_SECRET.length < 32 || new Set(e.APP_SECRET).size < 10 || e.APP_SECRET === developmentSecret
  return weak ? [{ name: "APP_SECRET", words: `is too weak. ${howToMakeOne}` }] : []
}

/** What production refuses to start with. */
export function productionProblems(e: Environment, source: Record<string, string | undefined>): Problem[] {
  if (e.NODE_ENV !== "production") return []
  const problems: Problem[] = []
  if (!source.APP_URL) {
    problems.push({
      name: "APP_URL",
      words: "is missing: the public address, such as https://gate.example.com.",
    })
  }
  if (e.SMTP_TLS === "none" && e.SMTP_PASSWORD && !isLoopbackUrl(`smtp://${e.SMTP_HOST}`)) {
    problems.push({ name: "SMTP_TLS", words: "is none, which would send SMTP_PASSWORD in the clear." })
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
  if (e.GATEHOUSE_CLOCK_FILE) {
    problems.push({ name: "GATEHOUSE_CLOCK_FILE", words: "moves the clock, which production refuses." })
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
  if (e.GATEHOUSE_CLOCK_FILE && !e.STRIPE_API_URL) {
    problems.push({ name: "GATEHOUSE_CLOCK_FILE", words: "moves the clock with a stand-in for Stripe only." })
  }
  if (e.STRIPE_SECRET_KEY && !/^(sk|rk)_(test|live)_/.test(e.STRIPE_SECRET_KEY)) {
    problems.push({
      name: "STRIPE_SECRET_KEY",
      words: "must start with sk_test_, sk_live_, rk_test_ or rk_live_.",
    })
  }
  if (e.MAIL_FROM) {
    const sender = parseMailAddress(e.MAIL_FROM)
    if (!sender.ok) problems.push({ name: "MAIL_FROM", words: `cannot be a sender: ${sender.error}.` })
  }
  if (!readsAsSignUp(e.SIGN_UP)) {
    problems.push({
      name: "SIGN_UP",
      words: "must be open, invited, or domains such as acme.com, birch.org.",
    })
  }
  if (e.BREACHED_PASSWORDS_URL !== "off" && !asksSafely(e.BREACHED_PASSWORDS_URL)) {
    problems.push({
      name: "BREACHED_PASSWORDS_URL",
      words: "must start with https:// and end with a slash, or be off.",
    })
  }
  problems.push(...proxyProblems(e.TRUSTED_PROXIES), ...callerProblems(e))
  for (const name of ["STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS"] as const) {
    if (e[name] && !/^whsec_\S{16,}$/.test(e[name])) {
      problems.push({ name, words: "must be the whole signing secret, which starts with whsec_." })
    }
  }
  return problems
}

/** Who listens on the way would learn five characters of each new password's hash. */
function asksSafely(value: string): boolean {
  return value.endsWith("/") && (parseUrl(value)?.protocol === "https:" || isLoopbackUrl(value))
}

function readsAsSignUp(value: string): boolean {
  return ["open", "invited"].includes(value) || value.split(",").every(domain => /\S\.\S/.test(domain.trim()))
}

/** Origins are compared letter by letter with what browsers send (RFC 6454, section 6.2), so they have to be written like that. */
function callerProblems({ API_ALLOWED_ORIGINS: origins, NODE_ENV }: Environment): Problem[] {
  const mayCall = (origin: string) =>
    parseUrl(origin)?.origin === origin &&
    !origin.includes("*") &&
    (origin.startsWith("https://") || (NODE_ENV !== "production" && isLoopbackUrl(origin)))
  return origins
    .filter(origin => !mayCall(origin))
    .map(origin => ({
      name: "API_ALLOWED_ORIGINS",
      words: `holds ${origin}, which is no origin such as https://app.example.com (http only on this machine, outside production).`,
    }))
}

/** Everybody's addresses as trusted proxies would believe everybody's claims. */
function proxyProblems(proxies: string[]): Problem[] {
  if (proxies.some(proxy => /\/0+$/.test(proxy))) {
    return [
      {
        name: "TRUSTED_PROXIES",
        words: "names the whole internet. Name the addresses of your proxies only.",
      },
    ]
  }
  try {
    proxyaddr.compile(proxies)
    return []
  } catch {
    return [
      {
        name: "TRUSTED_PROXIES",
        words: "must be addresses, networks such as 10.0.0.0/8, or loopback, separated by commas.",
      },
    ]
  }
}
