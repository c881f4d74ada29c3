import Sqlite from "better-sqlite3"
import { forgetPrices } from "~/domain/billing/prices.server"
import { receiveStripeEvent } from "~/domain/billing/stripe-events.server"
import { jobDefinitions, schedules } from "~/jobs.server"
import { setClock } from "~/platform/clock.server"
import { currentConnection } from "~/platform/db-scope.server"
import { setEnv } from "~/platform/env.server"
import { type Jobs, startJobs } from "~/platform/jobs.server"
import { stripeTrouble } from "~/platform/stripe.server"
import { signatureHeader } from "../../stand-ins/stripe/delivery/signature"
import { Life } from "../../stand-ins/stripe/lives/life"
import type { EventObject } from "../../stand-ins/stripe/objects"
import { freshDatabase } from "../../support/database"
import { mortal, speakTo } from "./mortal"
import { graceDays, readOnlyDays } from "./oracle"
import { prepareOnce } from "./prepare-once"
import type { Seen } from "./seen"
import { type ServedAccount, serveAccount } from "./served-account"

const webhookSecret = "whsec_local_lives_0000"

/** What runs beside billing, or only sends: of no use to these lives, and dear. */
const idle = ["sessions.last-seen", "operators.notify", "stripe.catalogue", "mail.requeue", "purge"]
const concerned = schedules.filter(({ name }) => !idle.includes(name))
const hourly = concerned.filter(({ cron }) => /^\S+ \* /.test(cron))
const nightly = concerned.filter(({ cron }) => /^\S+ \d+ /.test(cron))
const atStart = concerned.filter(one => one.atStart)
/** Mails stay in the outbox, where they are counted. */
const jobs = jobDefinitions.filter(({ kind }) => kind !== "mail.send")

/** The app in this process with a Stripe account beside it, for one life after another. */
export type AppInProcess = Seen & {
  account: ServedAccount
  /** Begins a life: nobody has ever bought anything. */
  begin: (seed: number) => Life
  /** Runs something as the process; answers whether it is still alive afterwards. Trouble that Stripe made is part of life. */
  live: (work: () => Promise<unknown>) => Promise<boolean>
  /** Another process starts, and does what a process does at its start. */
  start: (how?: How) => Promise<boolean>
  work: () => Promise<boolean>
  hour: (how?: How) => Promise<boolean>
  night: () => Promise<boolean>
  /** Posts one event as Stripe does. */
  deliver: (event: EventObject) => Promise<boolean>
  close: () => Promise<void>
}

/** How a process does its rounds. */
export type How = {
  /** Whether it compares everything when a night was missed. */
  compare: boolean
  /** Whether the queue is empty before each next one; else all of it waits for the end of the rounds. */
  inStep: boolean
}

export async function startInProcess(settings: Record<string, string> = {}): Promise<AppInProcess> {
  const account = await serveAccount()
  const { ledger } = account.context
  setEnv({
    STRIPE_SECRET_KEY: ledger.settings.secretKey,
    STRIPE_API_URL: account.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    BILLING_GRACE_DAYS: String(graceDays),
    BILLING_READ_ONLY_DAYS: String(readOnlyDays),
    LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "1000000",
    ...settings,
  })
  speakTo(account.url, ledger.settings.secretKey)
  const database = await freshDatabase()
  // The lives end with the process; nothing has to outlive the power.
  const { writer } = currentConnection()
  writer.handle.pragma("synchronous = OFF")
  writer.handle.pragma("secure_delete = OFF")
  prepareOnce(writer.handle)
  // Prisma looks for the line of code of each question it is asked, and shows it in an error that nobody reads.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const handle = new Sqlite(database.file)
  handle.pragma("foreign_keys = OFF")
  handle.pragma("synchronous = OFF")
  const tables = handle
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '[A-Z]*'",
    )
    .all()
    .map(({ name }) => handle.prepare(`DELETE FROM "${name}"`))
  const wipe = handle.transaction(() => {
    for (const table of tables) table.run()
  })
  let running: Jobs | undefined

  const live = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await mortal.live(work)
    } catch (error) {
      if (!mortal.isDead() && !stripeTrouble(error)) throw error
    }
    return !mortal.isDead()
  }
  const all = async (list: typeof concerned, how: How = { compare: true, inStep: true }) => {
    for (const { name, run } of list) {
      if (name === "stripe.compare-missed" && !how.compare) continue
      if (!(await live(run))) return false
      if (how.inStep && !(await live(async () => running?.settle()))) return false
    }
    return live(async () => running?.settle())
  }
  const stop = async () => {
    mortal.begin()
    await running?.stop()
    running = undefined
    forgetPrices()
  }

  return {
    account,
    ledger,
    begin: seed => {
      wipe()
      const life = new Life(account.context, seed)
      setClock(life.clock)
      return life
    },
    live,
    start: async how => {
      await stop()
      await mortal.live(async () => {
        running = startJobs(jobs, [], { manual: true })
      })
      return all(atStart, how)
    },
    work: () => live(async () => running?.settle()),
    hour: how => all(hourly, how),
    night: () => all(nightly),
    deliver: event =>
      live(async () => {
        const body = JSON.stringify(event)
        const time = Math.floor(ledger.clock.now())
        const answer = await receiveStripeEvent(
          Buffer.from(body),
          signatureHeader(body, [webhookSecret], time),
        )
        if (!answer.ok) throw new Error(`The webhook was refused: ${answer.error}`)
      }),
    rows: <Row>(sql: string, ...values: unknown[]) => handle.prepare<unknown[], Row>(sql).all(...values),
    close: async () => {
      await stop()
      handle.close()
      setClock()
      await database.close()
      setEnv({})
      await account.stop()
      Error.stackTraceLimit = stackTraceLimit
    },
  }
}
