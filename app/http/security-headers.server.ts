import { randomBytes } from "node:crypto"
import type { Settings } from "~/platform/settings.server"

/** Where a form on one of our pages may lead: the answer to a POST may redirect to Stripe's own pages. */
const stripePages = ["https://checkout.stripe.com", "https://billing.stripe.com"]

/** Headers of every answer, JSON for programs included (OWASP REST Security, "Security Headers") [H3]. */
export function programHeaders(settings: Settings): Record<string, string> {
  const overHttps = settings.production && settings.appUrl.startsWith("https:")
  return {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    ...(overHttps && { "Strict-Transport-Security": "max-age=31536000" }),
  }
}

/**
 * Headers of everything a browser might show. `strict-origin` keeps every path, and with it every token, out of
 * Referer, our own included; `no-referrer` would turn the Origin of our forms into `null`.
 */
export function commonHeaders(settings: Settings): Record<string, string> {
  return {
    ...programHeaders(settings),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
  }
}

/** Connecting an account begins with a POST that leads to its provider; Microsoft may lead on to the page of private accounts. */
function signInPages({ google, microsoft, oidc }: Settings["providers"]): string[] {
  const pages = [google?.issuer, microsoft?.authority, microsoft && "https://login.live.com", oidc?.issuer]
  return pages.filter(page => page !== undefined)
}

/** The policy of answers that are no page of ours: nothing in them may load, run or be framed. */
export const bareContentPolicy =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** The policy of files in public/: an SVG opened by its address may style itself and nothing else. */
export const fileContentPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/** Makes the Content-Security-Policy of a page from its nonce. Style attributes are allowed, they carry no code. */
export function pageContentPolicy(settings: Settings): (nonce: string) => string {
  const { stripe, providers } = settings
  const forms = [
    "'self'",
    ...stripePages,
    ...(stripe?.apiUrl ? [stripe.apiUrl] : []),
    ...signInPages(providers),
  ]
  const before = "default-src 'none'; script-src 'self' 'nonce-"
  const after = [
    "'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    `form-action ${forms.map(originOf).join(" ")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ")
  return nonce => `${before}${nonce}${after}; style-src 'self' 'nonce-${nonce}'`
}

/** In development Vite inserts styles without a nonce and reloads through a WebSocket. */
export function developmentContentPolicy(policy: string): string {
  return policy
    .replace(/style-src 'self' 'nonce-[^']*'/, "style-src 'self' 'unsafe-inline'")
    .replace("connect-src 'self'", "connect-src 'self' ws:")
}

/** 128 random bits, as the specification of CSP asks. */
export function newNonce(): string {
  return randomBytes(16).toString("base64url")
}

function originOf(source: string): string {
  return URL.canParse(source) ? new URL(source).origin : source
}
