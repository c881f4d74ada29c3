import { type Environment, environment } from "~/platform/environment.server"
import { arrangeProviders, providerProblems } from "~/platform/provider-settings.server"
import {
  addressProblems,
  developmentSecret,
  type Problem,
  pairProblems,
  passkeyProblems,
  productionProblems,
  secretProblems,
} from "~/platform/setting-problems.server"

export type Settings = ReturnType<typeof arrange>
export type Refused = { problems: Problem[] }

export const isProblem = (value: Settings | Refused): value is Refused => "problems" in value

/**
 * Reads and checks every setting. Returns them arranged by subject, or every problem at once, each by the name of the
 * variable: what is missing, malformed, weak, or dangerous in production [R2].
 */
export function readSettings(source: Record<string, string | undefined>): Settings | Refused {
  const parsed = environment.safeParse(source)
  const malformed = parsed.success
    ? []
    : parsed.error.issues.map(issue => ({ name: String(issue.path[0]), words: `${issue.message}.` }))
  // The malformed ones aside, so that one round tells everything.
  const unread = Object.fromEntries(malformed.map(problem => [problem.name, undefined]))
  const settings = environment.parse({ ...source, ...unread })
  const problems = [
    ...malformed,
    ...addressProblems(settings),
    ...secretProblems(settings),
    ...productionProblems(settings, source),
    ...pairProblems(settings),
    ...providerProblems(settings),
    ...passkeyProblems(settings),
  ]
  return problems.length > 0 ? { problems } : arrange(settings)
}

function arrange(e: Environment) {
  return {
    mode: e.NODE_ENV,
    production: e.NODE_ENV === "production",
    appUrl: new URL(e.APP_URL).origin,
    appName: e.APP_NAME,
    appSecret: e.APP_SECRET ?? developmentSecret,
    /** The first seals, every one opens. */
    encryptionKeys: e.ENCRYPTION_KEYS,
    host: e.HOST,
    port: e.PORT,
    databaseFile: e.DATABASE_FILE,
    trustedProxies: e.TRUSTED_PROXIES,
    /** Whose pages may call the API from a browser, beside our own. */
    apiAllowedOrigins: e.API_ALLOWED_ORIGINS,
    logLevel: e.LOG_LEVEL,
    supportEmail: e.SUPPORT_EMAIL,
    /** `open`, `invited`, or the domains whose addresses may sign up. */
    signUp: e.SIGN_UP === "open" || e.SIGN_UP === "invited" ? e.SIGN_UP : splitDomains(e.SIGN_UP),
    askForCodeElsewhere: e.SIGN_IN_CODE_ELSEWHERE,
    passwords: e.PASSWORDS,
    /** Where the first five characters of a password's SHA-1 are sent; undefined when nobody is asked. */
    breachedPasswordsUrl: e.BREACHED_PASSWORDS_URL === "off" ? undefined : e.BREACHED_PASSWORDS_URL,
    /** The name passkeys are made for, and the address of the pages that may ask for them. */
    webauthn: {
      rpId: e.WEBAUTHN_RP_ID?.toLowerCase() ?? new URL(e.WEBAUTHN_RP_ORIGIN ?? e.APP_URL).hostname,
      origin: new URL(e.WEBAUTHN_RP_ORIGIN ?? e.APP_URL).origin,
    },
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
    /** Milliseconds a closed organisation can be restored before it is erased. */
    closingGrace: e.CLOSING_GRACE,
    /** Days a missing payment changes nothing, and days after those in which everything can be read. */
    billing: { graceDays: e.BILLING_GRACE_DAYS, readOnlyDays: e.BILLING_READ_ONLY_DAYS },
    /** Milliseconds. */
    keep: {
      links: e.KEEP_LINKS,
      mailLog: e.KEEP_MAIL_LOG,
      jobs: e.KEEP_JOBS,
      stripeEvents: e.KEEP_STRIPE_EVENTS,
      checkouts: e.KEEP_CHECKOUTS,
    },
    limits: {
      linksPerAddressHour: e.LIMIT_LINKS_PER_ADDRESS_HOUR,
      linksPerAddressMinute: e.LIMIT_LINKS_PER_ADDRESS_MINUTE,
      linksPerClient: e.LIMIT_LINKS_PER_CLIENT,
      checksPerClient: e.LIMIT_CHECKS_PER_CLIENT,
      secondFactorPerAccount: e.LIMIT_SECOND_FACTOR_PER_ACCOUNT,
      passwordsPerClient: e.LIMIT_PASSWORDS_PER_CLIENT,
      passwordsPerAccountHour: e.LIMIT_PASSWORDS_PER_ACCOUNT_HOUR,
      registrationsPerClient: e.LIMIT_REGISTRATIONS_PER_CLIENT,
      providersPerClient: e.LIMIT_PROVIDERS_PER_CLIENT,
      checkoutsPerClientMinute: e.LIMIT_CHECKOUTS_PER_CLIENT_MINUTE,
      invitationsPerOrganizationHour: e.LIMIT_INVITATIONS_PER_ORGANIZATION_HOUR,
      invitationsPerPersonHour: e.LIMIT_INVITATIONS_PER_PERSON_HOUR,
      /** The same for an account younger than a day. */
      invitationsPerNewPersonHour: e.LIMIT_INVITATIONS_PER_NEW_PERSON_HOUR,
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
    providers: arrangeProviders(e),
    /** Undefined when billing is not set up. */
    stripe: e.STRIPE_SECRET_KEY
      ? {
          secretKey: e.STRIPE_SECRET_KEY,
          livemode: e.STRIPE_SECRET_KEY.includes("_live_"),
          apiUrl: e.STRIPE_API_URL,
          automaticTax: e.STRIPE_AUTOMATIC_TAX,
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
    /** Days a first plan is free; 0 for none. Stripe takes two years at most. */
    trialDays: e.TRIAL_DAYS,
    /** In the order they are tried; empty closes the webhook endpoint. */
    stripeWebhookSecrets: [e.STRIPE_WEBHOOK_SECRET, e.STRIPE_WEBHOOK_SECRET_PREVIOUS].filter(
      s => s !== undefined,
    ),
    crashAt: e.GATEHOUSE_CRASH_AT,
    /** Holds the milliseconds by which the demo's clock runs ahead. */
    clockFile: e.GATEHOUSE_CLOCK_FILE,
  }
}

function splitDomains(value: string): string[] {
  return value
    .split(",")
    .map(domain => domain.trim().toLowerCase().replace(/^@/, ""))
    .filter(Boolean)
}
