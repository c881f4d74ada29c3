import ms, { type StringValue } from "ms"
import { z } from "zod"

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value)
const text = () => z.preprocess(blankIsUnset, z.string().trim().optional())
const textOr = (fallback: string) => z.preprocess(blankIsUnset, z.string().trim().default(fallback))
const whole = (fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(
    blankIsUnset,
    z.coerce
      .number("must be a whole number")
      .int("must be a whole number")
      .min(min)
      .max(max)
      .default(fallback),
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
  ENCRYPTION_KEYS: list().transform((values, context) => {
    const keys = values.map(value => Buffer.from(value, "base64"))
    if (keys.every(key => key.length === 32)) return keys
    context.addIssue({ code: "custom", message: "must be keys of 32 bytes in base64, separated by commas" })
    return z.NEVER
  }),
  HOST: textOr("0.0.0.0"),
  PORT: whole(3000, 0),
  DATABASE_FILE: textOr("./data/gatehouse.sqlite"),
  TRUSTED_PROXIES: list(),
  API_ALLOWED_ORIGINS: list(),
  LOG_LEVEL: choice(["trace", "debug", "info", "warn", "error", "silent"], "info"),
  SUPPORT_EMAIL: text(),

  SIGN_UP: textOr("open"),
  SIGN_IN_CODE_ELSEWHERE: flag("off"),
  PASSWORDS: choice(["off", "optional", "required"], "optional"),
  BREACHED_PASSWORDS_URL: textOr("https://api.pwnedpasswords.com/range/"),
  WEBAUTHN_RP_ID: text(),
  WEBAUTHN_RP_ORIGIN: text(),
  LINK_LIFETIME_SIGN_IN: duration("15m"),
  LINK_LIFETIME_PASSWORD_RESET: duration("1h"),
  LINK_LIFETIME_EMAIL_CHANGE: duration("1h"),
  LINK_LIFETIME_ACCOUNT_SETUP: duration("48h"),
  LINK_LIFETIME_PURCHASE_ACCESS: duration("48h"),
  LINK_LIFETIME_ACTIVATION: duration("72h"),
  LINK_LIFETIME_INVITATION: duration("7d"),
  SESSION_IDLE: duration("30d"),
  SESSION_ABSOLUTE: duration("90d"),
  CLOSING_GRACE: duration("30d"),
  BILLING_GRACE_DAYS: whole(7, 0, 3_650),
  BILLING_READ_ONLY_DAYS: whole(30, 0, 3_650),
  KEEP_LINKS: duration("30d"),
  KEEP_MAIL_LOG: duration("90d"),
  KEEP_JOBS: duration("7d"),
  KEEP_STRIPE_EVENTS: duration("90d"),
  KEEP_CHECKOUTS: duration("90d"),

  LIMIT_LINKS_PER_ADDRESS_HOUR: whole(5, 1),
  LIMIT_LINKS_PER_ADDRESS_MINUTE: whole(1, 1),
  LIMIT_LINKS_PER_CLIENT: whole(10, 1),
  LIMIT_CHECKS_PER_CLIENT: whole(10, 1),
  LIMIT_SECOND_FACTOR_PER_ACCOUNT: whole(10, 1),
  LIMIT_PASSWORDS_PER_CLIENT: whole(10, 1),
  LIMIT_PASSWORDS_PER_ACCOUNT_HOUR: whole(10, 1),
  LIMIT_REGISTRATIONS_PER_CLIENT: whole(5, 1),
  LIMIT_PROVIDERS_PER_CLIENT: whole(30, 1),
  LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: whole(10, 1),
  LIMIT_INVITATIONS_PER_ORGANIZATION_HOUR: whole(50, 1),
  LIMIT_INVITATIONS_PER_PERSON_HOUR: whole(100, 1),
  LIMIT_INVITATIONS_PER_NEW_PERSON_HOUR: whole(20, 1),
  MAIL_BUDGET_PER_HOUR: whole(1000, 1),

  SMTP_HOST: text(),
  SMTP_PORT: whole(587, 1),
  SMTP_USER: text(),
  SMTP_PASSWORD: text(),
  SMTP_TLS: choice(["auto", "implicit", "starttls", "none"], "auto"),
  MAIL_FROM: text(),
  MAIL_REPLY_TO: text(),
  MAILBOX_URL: text(),

  GOOGLE_CLIENT_ID: text(),
  GOOGLE_CLIENT_SECRET: text(),
  GOOGLE_ISSUER_URL: text(),
  AZURE_CLIENT_ID: text(),
  AZURE_CLIENT_SECRET: text(),
  AZURE_TENANT_ID: textOr("common"),
  AZURE_AUTHORITY_URL: text(),
  OIDC_NAME: textOr("Single sign-on"),
  OIDC_ISSUER: text(),
  OIDC_CLIENT_ID: text(),
  OIDC_CLIENT_SECRET: text(),

  STRIPE_SECRET_KEY: text(),
  STRIPE_WEBHOOK_SECRET: text(),
  STRIPE_WEBHOOK_SECRET_PREVIOUS: text(),
  STRIPE_API_URL: text(),
  STRIPE_AUTOMATIC_TAX: flag("off"),
  TRIAL_DAYS: whole(0, 0, 730),
  STRIPE_STARTER_PRICE_ID: text(),
  STRIPE_PROFESSIONAL_PRICE_ID: text(),
  STRIPE_ENTERPRISE_PRICE_ID: text(),
  STRIPE_STARTER_YEARLY_PRICE_ID: text(),
  STRIPE_PROFESSIONAL_YEARLY_PRICE_ID: text(),
  STRIPE_ENTERPRISE_YEARLY_PRICE_ID: text(),

  GATEHOUSE_CRASH_AT: text(),
  GATEHOUSE_CLOCK_FILE: text(),
})

export type Environment = z.output<typeof environment>
