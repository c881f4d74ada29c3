import { afterAll, afterEach, beforeAll, expect } from "vitest"
import { jobDefinitions, schedules } from "~/jobs.server"
import { setEnv } from "~/platform/env.server"
import { type Jobs, startJobs } from "~/platform/jobs.server"
import { captureLog } from "~/platform/log.server"
import { closeMailer } from "~/platform/mailer.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { type Mailbox, startMailbox } from "../stand-ins/mailbox/mailbox"
import { type RunningApp, startApp } from "./app"
import { Browser, hiddenField } from "./browser"
import { buildCast, type Cast } from "./cast"
import { minutes, type TestClock, testClock } from "./clock"
import { type FreshDatabase, freshDatabase } from "./database"

export type World = {
  url: string
  cast: Cast
  clock: TestClock
  database: FreshDatabase
  mailbox: Mailbox
  /** Runs every job that is due, as the worker would right after the answer. */
  settle: () => Promise<void>
  /** A browser nobody is signed in to. */
  browser: (userAgent?: string) => Browser
  /** Changes settings for this test. */
  settings: (values: Record<string, string>) => void
  /** Log records of this test that the next ones should not fail for. */
  expectErrors: () => void
  log: ReturnType<typeof captureLog>
}

type Shared = { app: RunningApp; mailbox: Mailbox }

/**
 * The whole app with a real database file, a real SMTP server and the fixed cast, fresh for each test of the file that calls
 * this. A test that logs an error fails.
 */
export function setUpWorld(): () => Promise<World> {
  let shared: Shared
  const ends: (() => Promise<void> | void)[] = []

  beforeAll(async () => {
    const mailbox = await startMailbox()
    const app = await startApp()
    shared = { app, mailbox }
  })
  afterAll(async () => {
    await shared.app.close()
    await shared.mailbox.stop()
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  return async () => {
    const { app, mailbox } = shared
    const base = settingsFor(app.url, mailbox)
    setEnv(base)
    mailbox.clear()
    clearLimits()
    const database = await freshDatabase()
    const clock = testClock()
    const jobs: Jobs = startJobs(jobDefinitions, schedules, { manual: true })
    const log = captureLog()
    let errorsExpected = false
    ends.push(database.close, clock.restore)
    ends.push(async () => {
      await jobs.stop()
      await closeMailer()
      log.stop()
      const errors = log.records.filter(record => ["error", "fatal"].includes(String(record.level)))
      if (!errorsExpected) expect(errors).toEqual([])
    })
    return {
      url: app.url,
      cast: await buildCast(),
      clock,
      database,
      mailbox,
      log,
      settle: jobs.settle,
      browser: userAgent => new Browser(app.url, userAgent),
      settings: values => setEnv({ ...base, ...values }),
      expectErrors: () => {
        errorsExpected = true
      },
    }
  }
}

function settingsFor(url: string, mailbox: Mailbox) {
  return {
    NODE_ENV: "test",
    APP_URL: url,
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mailbox.smtpPort),
    SMTP_TLS: "none",
    MAIL_FROM: "Gatehouse <hello@gatehouse.test>",
    BREACHED_PASSWORDS_URL: "off",
  }
}

/** Asks for a sign-in link as a person does: opens the page, types for a while, sends the form. */
export async function askForLink(world: World, browser: Browser, email: string, redirectTo?: string) {
  const query = redirectTo === undefined ? "" : `?redirectTo=${encodeURIComponent(redirectTo)}`
  const page = await browser.get(`/login${query}`)
  world.clock.advance(5000)
  return browser.post("/login", {
    email,
    website: "",
    made: hiddenField(page.body, "made"),
    ...(redirectTo !== undefined && { redirectTo }),
  })
}

/** Asks for a link, lets the mail go out and returns it. */
export async function mailedLink(world: World, browser: Browser, email: string, redirectTo?: string) {
  world.clock.advance(minutes(2))
  await askForLink(world, browser, email, redirectTo)
  await world.settle()
  const mail = world.mailbox.latestTo(email)
  if (!mail.link) throw new Error("The mail has no link.")
  return {
    mail,
    link: browser.inside(mail.link),
    token: new URL(mail.link).searchParams.get("token") ?? "",
    code: mail.code ?? "",
  }
}

/** Presses the button of a link's page. */
export function confirm(browser: Browser, link: string, fields: Record<string, string> = {}) {
  const token = new URL(link, browser.base).searchParams.get("token") ?? ""
  return browser.post(link, { token, ...fields })
}

/** Signs this browser in, the whole way through the mail. */
export async function signIn(world: World, browser: Browser, email: string) {
  const { link } = await mailedLink(world, browser, email)
  const answer = await confirm(browser, link)
  expect(answer.status).toBe(303)
  return answer
}

/** Who the app takes this browser for. */
export async function whoIs(browser: Browser): Promise<string | undefined> {
  const answer = await browser.get("/api/auth/profile", { Accept: "application/json" })
  return answer.status === 200 ? JSON.parse(answer.body).user.email : undefined
}
