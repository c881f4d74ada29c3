import { expect, test } from "vitest"
import { isProblem, readSettings } from "~/platform/settings.server"

const sound = {
  NODE_ENV: "production",
  APP_URL: "https://gate.example.com",
  APP_SECRET: "q7Zp0bVnX2mK9sTfYw4uRcE6hJ1aLdG8iOe3",
  SMTP_HOST: "smtp.example.com",
  SMTP_USER: "u",
  SMTP_PASSWORD: "p",
  MAIL_FROM: "Acme <hello@example.com>",
  STRIPE_SECRET_KEY: "sk_live_abcdefgh",
  STRIPE_WEBHOOK_SECRET: "whsec_0123456789abcdef0123",
  TRUSTED_PROXIES: "10.0.0.0/8, loopback",
}

function problemsOf(change: Record<string, string | undefined>): string[] {
  const read = readSettings({ ...sound, ...change })
  return isProblem(read) ? read.problems.map(problem => problem.name) : []
}

test("[R2] sound settings start", () => {
  expect(problemsOf({})).toEqual([])
})

test.each([
  ["no address", { APP_URL: "" }, "APP_URL"],
  ["an address without encryption", { APP_URL: "http://gate.example.com" }, "APP_URL"],
  ["an address with a path", { APP_URL: "https://gate.example.com/app" }, "APP_URL"],
  ["no secret", { APP_SECRET: undefined }, "APP_SECRET"],
  ["a short secret", { APP_SECRET: "short" }, "APP_SECRET"],
  ["a monotonous secret", { APP_SECRET: "a".repeat(40) }, "APP_SECRET"],
  [
    "the development secret",
    { APP_SECRET: "development-only-secret-never-used-in-production" },
    "APP_SECRET",
  ],
  ["no secret on a public address outside production", { NODE_ENV: "", APP_SECRET: "" }, "APP_SECRET"],
  ["proxies that are no addresses", { TRUSTED_PROXIES: "cloudflare" }, "TRUSTED_PROXIES"],
  ["everybody as a proxy", { TRUSTED_PROXIES: "0.0.0.0/0" }, "TRUSTED_PROXIES"],
  ["every origin as a caller", { API_ALLOWED_ORIGINS: "*" }, "API_ALLOWED_ORIGINS"],
  ["a pattern of callers", { API_ALLOWED_ORIGINS: "https://*.example.com" }, "API_ALLOWED_ORIGINS"],
  ["a caller without encryption", { API_ALLOWED_ORIGINS: "http://app.example.com" }, "API_ALLOWED_ORIGINS"],
  [
    "a caller on this machine in production",
    { API_ALLOWED_ORIGINS: "http://localhost:5173" },
    "API_ALLOWED_ORIGINS",
  ],
  ["a caller with a path", { API_ALLOWED_ORIGINS: "https://app.example.com/" }, "API_ALLOWED_ORIGINS"],
  ["a caller that is nobody", { API_ALLOWED_ORIGINS: "null" }, "API_ALLOWED_ORIGINS"],
  [
    "one wrong caller among right ones",
    { API_ALLOWED_ORIGINS: "https://app.example.com, https://APP.example.com" },
    "API_ALLOWED_ORIGINS",
  ],
  [
    "a caller with its default port",
    { API_ALLOWED_ORIGINS: "https://app.example.com:443" },
    "API_ALLOWED_ORIGINS",
  ],
  ["a sender that is none", { MAIL_FROM: "nonsense" }, "MAIL_FROM"],
  ["no sender", { MAIL_FROM: "" }, "MAIL_FROM"],
  ["half a login", { SMTP_PASSWORD: "" }, "SMTP_PASSWORD"],
  ["a password in the clear", { SMTP_TLS: "none" }, "SMTP_TLS"],
  ["a misspelt sign-up rule", { SIGN_UP: "invite" }, "SIGN_UP"],
  ["a misspelt rule on passwords", { PASSWORDS: "on" }, "PASSWORDS"],
  [
    "breached passwords asked for in the clear",
    { BREACHED_PASSWORDS_URL: "http://range.example.com/range/" },
    "BREACHED_PASSWORDS_URL",
  ],
  [
    "breached passwords without a place for the prefix",
    { BREACHED_PASSWORDS_URL: "https://range.example.com/range" },
    "BREACHED_PASSWORDS_URL",
  ],
  ["a provider without its secret", { GOOGLE_CLIENT_ID: "x" }, "GOOGLE_CLIENT_SECRET"],
  ["a provider without its client", { AZURE_CLIENT_SECRET: "x" }, "AZURE_CLIENT_ID"],
  ["a provider without its issuer", { OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "x" }, "OIDC_ISSUER"],
  [
    "a provider in the clear",
    { OIDC_ISSUER: "http://id.example.com", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "x" },
    "OIDC_ISSUER",
  ],
  [
    "a provider on this machine in production",
    { OIDC_ISSUER: "http://127.0.0.1:1", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "x" },
    "OIDC_ISSUER",
  ],
  ["a misspelt tenant", { AZURE_TENANT_ID: "../other" }, "AZURE_TENANT_ID"],
  ["a stand-in for Google in production", { GOOGLE_ISSUER_URL: "http://127.0.0.1:1" }, "GOOGLE_ISSUER_URL"],
  [
    "a stand-in for Google elsewhere",
    { NODE_ENV: "", GOOGLE_ISSUER_URL: "https://evil.test" },
    "GOOGLE_ISSUER_URL",
  ],
  [
    "a stand-in for Microsoft in production",
    { AZURE_AUTHORITY_URL: "http://127.0.0.1:1" },
    "AZURE_AUTHORITY_URL",
  ],
  ["half a signing secret", { STRIPE_WEBHOOK_SECRET: "whsec_" }, "STRIPE_WEBHOOK_SECRET"],
  ["a publishable key", { STRIPE_SECRET_KEY: "pk_live_x" }, "STRIPE_SECRET_KEY"],
  [
    "a local Stripe beside a live key",
    { NODE_ENV: "", STRIPE_API_URL: "http://127.0.0.1:1" },
    "STRIPE_API_URL",
  ],
  [
    "a local Stripe in production",
    { STRIPE_SECRET_KEY: "sk_test_x", STRIPE_API_URL: "http://127.0.0.1:1" },
    "STRIPE_API_URL",
  ],
  [
    "a stand-in elsewhere",
    { NODE_ENV: "", STRIPE_SECRET_KEY: "sk_test_x", STRIPE_API_URL: "https://evil.test" },
    "STRIPE_API_URL",
  ],
  ["a mailbox in production", { MAILBOX_URL: "http://localhost:8025" }, "MAILBOX_URL"],
  ["a crash point in production", { GATEHOUSE_CRASH_AT: "x" }, "GATEHOUSE_CRASH_AT"],
  ["passkeys for another domain", { WEBAUTHN_RP_ID: "example.org" }, "WEBAUTHN_RP_ID"],
  ["passkeys for a part of a name", { WEBAUTHN_RP_ID: "ample.com" }, "WEBAUTHN_RP_ID"],
  ["passkeys for a whole top level", { WEBAUTHN_RP_ID: "com" }, "WEBAUTHN_RP_ID"],
  ["passkeys without encryption", { WEBAUTHN_RP_ORIGIN: "http://gate.example.com" }, "WEBAUTHN_RP_ORIGIN"],
  ["passkeys at no address", { WEBAUTHN_RP_ORIGIN: "gate" }, "WEBAUTHN_RP_ORIGIN"],
  ["a moved clock in production", { GATEHOUSE_CLOCK_FILE: "clock" }, "GATEHOUSE_CLOCK_FILE"],
  [
    "a moved clock beside Stripe itself",
    { NODE_ENV: "", STRIPE_SECRET_KEY: "sk_test_x", GATEHOUSE_CLOCK_FILE: "clock" },
    "GATEHOUSE_CLOCK_FILE",
  ],
  [
    "a moved clock beside a live key",
    { NODE_ENV: "", STRIPE_API_URL: "http://127.0.0.1:1", GATEHOUSE_CLOCK_FILE: "clock" },
    "STRIPE_API_URL",
  ],
  ["a duration without a unit", { LINK_LIFETIME_SIGN_IN: "15" }, "LINK_LIFETIME_SIGN_IN"],
  ["a limit that is no number", { LIMIT_LINKS_PER_CLIENT: "abc" }, "LIMIT_LINKS_PER_CLIENT"],
])("[R2] %s is refused by its name", (_, change, name) => {
  expect(problemsOf(change)).toContain(name)
})

test("[R2] one round names everything, the malformed and the dangerous", () => {
  const named = problemsOf({
    LIMIT_LINKS_PER_CLIENT: "abc",
    APP_SECRET: "short",
    STRIPE_API_URL: "http://127.0.0.1:1",
  })
  expect(named).toEqual(expect.arrayContaining(["LIMIT_LINKS_PER_CLIENT", "APP_SECRET", "STRIPE_API_URL"]))
})

test("[B15] the local Stripe is taken on this machine with a test key", () => {
  const local = {
    NODE_ENV: "development",
    APP_URL: "http://localhost:3000",
    STRIPE_SECRET_KEY: "sk_test_x",
    STRIPE_API_URL: "http://127.0.0.1:12111",
    GATEHOUSE_CLOCK_FILE: "clock",
  }
  expect(problemsOf(local)).toEqual([])
})

test("[S16] pages that may call the API are named by their exact origins, on this machine also without encryption", () => {
  expect(problemsOf({ API_ALLOWED_ORIGINS: "https://app.example.com, https://other.example:8443" })).toEqual(
    [],
  )
  const local = {
    NODE_ENV: "development",
    API_ALLOWED_ORIGINS: "http://localhost:5173,http://127.0.0.1:8080",
  }
  expect(problemsOf(local)).toEqual([])
})

test("[S12] passkeys are made for the host of APP_URL, unless for a domain above it", () => {
  const webauthnOf = (change: Record<string, string>) => {
    const read = readSettings({ ...sound, ...change })
    return isProblem(read) ? read.problems : read.webauthn
  }
  expect(webauthnOf({})).toEqual({ rpId: "gate.example.com", origin: "https://gate.example.com" })
  expect(webauthnOf({ WEBAUTHN_RP_ID: "Example.com" })).toEqual({
    rpId: "example.com",
    origin: "https://gate.example.com",
  })
  expect(webauthnOf({ WEBAUTHN_RP_ORIGIN: "https://sign-in.example.com/" })).toEqual({
    rpId: "sign-in.example.com",
    origin: "https://sign-in.example.com",
  })
})
