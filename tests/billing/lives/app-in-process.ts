import Sqlite from "better-sqlite3"
import { forgetPrices } from "~/domain/billing/prices.server"
import { receiveStripeEvent } from "~/domain/billing/stripe-events.server"
import { jobDefinitions, schedules } from "~/jobs.server"
import { setClock } from "~/platform/clock.server"
import { currentConnection } from "~/platform/db-scope.server"
import { setEnv } from "~/platform/env.server"
import { type Jobs, startJobs } from "~/platform/jobs.server"
import { stripeTrouble } from "~/platform/stripe.server"
import { type Account, openAccount } from "../../stand-ins/stripe/account"
import { signatureHeader } from "../../stand-ins/stripe/delivery/signature"
import { Life } from "../../stand-ins/stripe/lives/life"
import type { EventObject } from "../../stand-ins/stripe/objects"
import { freshDatabase } from "../../support/database"
import { mortal, speakTo } from "./mortal"
import type { Seen } from "./seen"

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
  account: Account
  /** Begins a life: nobody has ever bought anything. */
  begin: (seed: number) => Life
  /** Runs something as the process; answers whether it is still alive afterwards. Trouble that Stripe made is part of life. */
  live: (work: () => Promise<unknown>) => Promise<boolean>
  /** Another process starts, and does what a process does at its start. */
  start: () => Promise<boolean>
  work: () => Promise<boolean>
  hour: () => Promise<boolean>
  night: () => Promise<boolean>
  /** Posts one event as Stripe does. */
  deliver: (event: EventObject) => Promise<boolean>
  close: () => Promise<void>
}

export async function startInProcess(settings: Record<string, string> = {}): Promise<AppInProcess> {
  const account = openAccount()
  const { ledger, api } = account.context
  await account.controls.seedCatalogue()
  setEnv({
    STRIPE_SECRET_KEY: ledger.settings.secretKey,
    STRIPE_API_URL: "http://127.0.0.1:9",
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "1000000",
    ...settings,
  })
  speakTo(api, ledger.settings.secretKey)
  const database = await freshDatabase()
  // The lives end with the process; nothing has to outlive the power.
  currentConnection().writer.handle.pragma("synchronous = OFF")
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
  const all = (list: typeof concerned) => async () => {
    for (const { run } of list) {
      if (!(await live(run))) return false
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
    start: async () => {
      await stop()
      await mortal.live(async () => {
        running = startJobs(jobs, [], { manual: true })
      })
      return all(atStart)()
    },
    work: () => live(async () => running?.settle()),
    hour: all(hourly),
    night: all(nightly),
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
    },
  }
}
