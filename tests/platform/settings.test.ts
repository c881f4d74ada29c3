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
  ["a sender that is none", { MAIL_FROM: "nonsense" }, "MAIL_FROM"],
  ["no sender", { MAIL_FROM: "" }, "MAIL_FROM"],
  ["half a login", { SMTP_PASSWORD: "" }, "SMTP_PASSWORD"],
  ["a password in the clear", { SMTP_TLS: "none" }, "SMTP_TLS"],
  ["a misspelt sign-up rule", { SIGN_UP: "invite" }, "SIGN_UP"],
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
  }
  expect(problemsOf(local)).toEqual([])
})
