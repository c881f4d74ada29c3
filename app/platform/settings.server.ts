import ms, { type StringValue } from "ms"
import { z } from "zod"

export type Problem = { name: string; words: string }

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value)
const text = () => z.preprocess(blankIsUnset, z.string().trim().optional())
const textOr = (fallback: string) => z.preprocess(blankIsUnset, z.string().trim().default(fallback))
const whole = (fallback: number, min = 0) =>
  z.preprocess(
    blankIsUnset,
    z.coerce.number("must be a whole number").int("must be a whole number").min(min).default(fallback),
  )
const choice = <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  z.preprocess(
    blankIsUnset,
    z.enum(values, `must be one of ${values.join(", ")}`).default(() => fallback),
  )
const flag = (fallback: "on" | "off") => choice(["on", "off"], fallback).transform(value => value === "on")

/** A duration such as `15m`, `48h` or `7d`, in milliseconds. */
const duration = (fallback: string) =>
  textOr(fallback).transform((value, context) => {
    const length = /^\d+\s*[a-z]+$/i.test(value) ? ms(value as StringValue) : undefined
    if (length !== undefined && length > 0) return length
    context.addIssue({ code: "custom", message: "must be a duration such as 15m, 48h or 7d" })
    return z.NEVER
  })

const list = () =>
  textOr("").transform(value =>
    value
      .split(",")
      .map(item => item.trim())
      .filter(Boolean),
  )

/** Every setting by the name it has in the environment. `.env.example` documents each; a test compares the two. */
export const environment = z.object({
  NODE_ENV: choice(["development", "test", "production"], "development"),
  APP_URL: textOr("http://localhost:3000"),
  APP_NAME: textOr("Gatehouse"),
  APP_SECRET: text(),
  HOST: textOr("0.0.0.0"),
  PORT: whole(3000, 0),
  DATABASE_FILE: textOr("./data/gatehouse.sqlite"),
  TRUSTED_PROXIES: list(),
  LOG_LEVEL: choice(["trace", "debug", "info", "warn", "error", "silent"], "info"),
  SUPPORT_EMAIL: text(),

  SIGN_UP: textOr("open"),
  SIGN_IN_CODE_ELSEWHERE: flag("off"),
  LINK_LIFETIME_SIGN_IN: duration("15m"),
  LINK_LIFETIME_PASSWORD_RESET: duration("1h"),
  LINK_LIFETIME_EMAIL_CHANGE: duration("1h"),
  LINK_LIFETIME_ACCOUNT_SETUP: duration("48h"),
  LINK_LIFETIME_PURCHASE_ACCESS: duration("48h"),
  LINK_LIFETIME_ACTIVATION: duration("72h"),
  LINK_LIFETIME_INVITATION: duration("7d"),
  SESSION_IDLE: duration("30d"),
  SESSION_ABSOLUTE: duration("90d"),
  KEEP_LINKS: duration("30d"),
  KEEP_MAIL_LOG: duration("90d"),
  KEEP_JOBS: duration("7d"),

  LIMIT_LINKS_PER_ADDRESS_HOUR: whole(5, 1),
  LIMIT_LINKS_PER_ADDRESS_MINUTE: whole(1, 1),
  LIMIT_LINKS_PER_CLIENT: whole(10, 1),
  LIMIT_CHECKS_PER_CLIENT: whole(10, 1),
  LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: whole(10, 1),
  LIMIT_INVITATIONS_PER_ORGANIZATION_HOUR: whole(50, 1),
  MAIL_BUDGET_PER_HOUR: whole(1000, 1),

  SMTP_HOST: text(),
  SMTP_PORT: whole(587, 1),
  SMTP_USER: text(),
  SMTP_PASSWORD: text(),
  SMTP_TLS: choice(["auto", "implicit", "starttls", "none"], "auto"),
  MAIL_FROM: text(),
  MAIL_REPLY_TO: text(),
  MAILBOX_URL: text(),

  STRIPE_SECRET_KEY: text(),
  STRIPE_WEBHOOK_SECRET: text(),
  STRIPE_WEBHOOK_SECRET_PREVIOUS: text(),
  STRIPE_API_URL: text(),
  STRIPE_STARTER_PRICE_ID: text(),
  STRIPE_PROFESSIONAL_PRICE_ID: text(),
  STRIPE_ENTERPRISE_PRICE_ID: text(),
  STRIPE_STARTER_YEARLY_PRICE_ID: text(),
  STRIPE_PROFESSIONAL_YEARLY_PRICE_ID: text(),
  STRIPE_ENTERPRISE_YEARLY_PRICE_ID: text(),

  GATEHOUSE_CRASH_AT: text(),
})

export type Environment = z.output<typeof environment>
export type Settings = ReturnType<typeof arrange>
export type Refused = { problems: Problem[] }

export const isProblem = (value: Settings | Refused): value is Refused => "problems" in value

/**
 * Reads and checks every setting. Returns them arranged by subject, or every problem at once, each by the name of the
 * variable: what is missing, malformed, weak, or dangerous in production [R2].
 */
export function readSettings(source: Record<string, string | undefined>): Settings | Refused {
  const parsed = environment.safeParse(source)
  if (!parsed.success) {
    return { problems: parsed.error.issues.map(i => ({ name: String(i.path[0]), words: `${i.message}.` })) }
  }
  const problems = [
    ...addressProblems(parsed.data),
    ...productionProblems(parsed.data),
    ...pairProblems(parsed.data),
  ]
  return problems.length > 0 ? { problems } : arrange(parsed.data)
}

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"]

function parseUrl(value: string | undefined): URL | undefined {
  return value && URL.canParse(value) ? new URL(value) : undefined
}

export function isLoopbackUrl(value: string): boolean {
  return loopbackNames.includes(parseUrl(value)?.hostname ?? "")
}

function addressProblems(e: Environment): Problem[] {
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

function productionProblems(e: Environment): Problem[] {
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

function pairProblems(e: Environment): Problem[] {
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

const developmentSecret = "development-only-secret-never-used-in-production"

function arrange(e: Environment) {
  return {
    mode: e.NODE_ENV,
    production: e.NODE_ENV === "production",
    appUrl: new URL(e.APP_URL).origin,
    appName: e.APP_NAME,
    appSecret: e.APP_SECRET ?? developmentSecret,
    host: e.HOST,
    port: e.PORT,
    databaseFile: e.DATABASE_FILE,
    trustedProxies: e.TRUSTED_PROXIES,
    logLevel: e.LOG_LEVEL,
    supportEmail: e.SUPPORT_EMAIL,
    /** `open`, `invited`, or the domains whose addresses may sign up. */
    signUp: e.SIGN_UP === "open" || e.SIGN_UP === "invited" ? e.SIGN_UP : splitDomains(e.SIGN_UP),
    askForCodeElsewhere: e.SIGN_IN_CODE_ELSEWHERE,
    /** Milliseconds a link of each purpose lives. */
    linkLifetime: {
      sign_in: e.LINK_LIFETIME_SIGN_IN,
      password_reset: e.LINK_LIFETIME_PASSWORD_RESET,
      email_change: e.LINK_LIFETIME_EMAIL_CHANGE,
      account_setup: e.LINK_LIFETIME_ACCOUNT_SETUP,
      purchase_access: e.LINK_LIFETIME_PURCHASE_ACCESS,
      activation: e.LINK_LIFETIME_ACTIVATION,
      invitation: e.LINK_LIFETIME_INVITATION,
    },
    session: { idle: e.SESSION_IDLE, absolute: e.SESSION_ABSOLUTE },
    keep: { links: e.KEEP_LINKS, mailLog: e.KEEP_MAIL_LOG, jobs: e.KEEP_JOBS },
    limits: {
      linksPerAddressHour: e.LIMIT_LINKS_PER_ADDRESS_HOUR,
      linksPerAddressMinute: e.LIMIT_LINKS_PER_ADDRESS_MINUTE,
      linksPerClient: e.LIMIT_LINKS_PER_CLIENT,
      checksPerClient: e.LIMIT_CHECKS_PER_CLIENT,
      checkoutsPerClientMinute: e.LIMIT_CHECKOUTS_PER_CLIENT_MINUTE,
      invitationsPerOrganizationHour: e.LIMIT_INVITATIONS_PER_ORGANIZATION_HOUR,
      mailBudgetPerHour: e.MAIL_BUDGET_PER_HOUR,
    },
    /** Undefined when mail is not set up [M4]. */
    smtp: e.SMTP_HOST
      ? {
          host: e.SMTP_HOST,
          port: e.SMTP_PORT,
          user: e.SMTP_USER,
          password: e.SMTP_PASSWORD,
          tls: e.SMTP_TLS,
          from: e.MAIL_FROM ?? "",
          replyTo: e.MAIL_REPLY_TO,
        }
      : undefined,
    /** Where the local mailbox shows its mails, in development and demo. */
    mailboxUrl: e.MAILBOX_URL,
    /** Undefined when billing is not set up. */
    stripe: e.STRIPE_SECRET_KEY
      ? {
          secretKey: e.STRIPE_SECRET_KEY,
          livemode: e.STRIPE_SECRET_KEY.includes("_live_"),
          apiUrl: e.STRIPE_API_URL,
          prices: {
            month: {
              starter: e.STRIPE_STARTER_PRICE_ID,
              professional: e.STRIPE_PROFESSIONAL_PRICE_ID,
              enterprise: e.STRIPE_ENTERPRISE_PRICE_ID,
            },
            year: {
              starter: e.STRIPE_STARTER_YEARLY_PRICE_ID,
              professional: e.STRIPE_PROFESSIONAL_YEARLY_PRICE_ID,
              enterprise: e.STRIPE_ENTERPRISE_YEARLY_PRICE_ID,
            },
          },
        }
      : undefined,
    /** In the order they are tried; empty closes the webhook endpoint. */
    stripeWebhookSecrets: [e.STRIPE_WEBHOOK_SECRET, e.STRIPE_WEBHOOK_SECRET_PREVIOUS].filter(
      s => s !== undefined,
    ),
    crashAt: e.GATEHOUSE_CRASH_AT,
  }
}

function splitDomains(value: string): string[] {
  return value
    .split(",")
    .map(domain => domain.trim().toLowerCase().replace(/^@/, ""))
    .filter(Boolean)
}
