import Sqlite from "better-sqlite3"
import { afterEach, beforeAll, expect, vi } from "vitest"
import { handledTypes } from "~/domain/billing/event-topics"
import { type Mailbox, startMailbox } from "../stand-ins/mailbox/mailbox"
import { type LocalStripe, startLocalStripe } from "../stand-ins/stripe/local-stripe"
import { Browser } from "../support/browser"
import { freshFile } from "../support/database"
import { ensureBuilt, type RunningProcess, startProcess } from "../support/process"

/** The moments at which a test may kill the process, as the domain names them. */
export type CrashPoint =
  | "checkout.session-made"
  | "closing.before-commit"
  | "closing.plan-ended"
  | "closing.stripe-agreed"
  | "enrolment.before-commit"
  | "erasure.before-commit"
  | "erasure.stripe-agreed"
  | "mail.accepted"
  | "provisioning.after-commit"
  | "provisioning.before-commit"
  | "refresh.before-commit"
  | "second-factor.before-commit"
  | "sign-in.after-commit"
  | "sign-in.before-commit"
  | "sign-in.request-stored"
  | "stripe-event.stored"

export type House = {
  stripe: LocalStripe
  mailbox: Mailbox
  /** The address of the server, the same over every restart. */
  url: string
  /** Starts the server again on the same file and port. With a crash point it dies when it first gets there. */
  start: (crashAt?: CrashPoint) => Promise<RunningProcess>
  /** Waits for the death a crash point causes. */
  died: () => Promise<void>
  /** The power goes. */
  kill: () => Promise<void>
  /** SIGTERM. Answers the exit code. */
  stop: () => Promise<number | null>
  /** Waits until the start's repairs are done, no job waits or runs and no event is unfinished. */
  settled: () => Promise<void>
  /** Waits until a query has an answer. */
  firstRow: (sql: string) => Promise<void>
  /** Asks the database file as it lies on the disk, by a connection of its own. */
  rows: <Row>(sql: string, ...values: unknown[]) => Row[]
  count: (table: string) => number
  browser: () => Browser
  /** A server on the same file with a port of its own. It is stopped with the rest. */
  neighbour: () => Promise<RunningProcess>
}

/** `crashAt`: where the first server dies. */
export type Plan = { settings?: Record<string, string>; crashAt?: CrashPoint }

const webhookSecret = "whsec_local_crashes_0000"
/** The port lives in the first server's address, so that webhooks and links find the next one too. */
const portOf = (server: RunningProcess) => new URL(server.url).port

/**
 * The built server in a process of its own that may be killed and started again, with an empty database file, a mailbox and
 * a Stripe that outlive it. Webhooks are held until a test releases them. A start that logs an error fails the test.
 */
export function setUpHouse(common: Record<string, string> = {}): (plan?: Plan) => Promise<House> {
  const ends: (() => Promise<void> | void)[] = []
  vi.setConfig({ testTimeout: 60_000 })
  beforeAll(ensureBuilt, 180_000)
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  return async ({ settings = {}, crashAt } = {}) => {
    const { file, remove } = await freshFile()
    const mailbox = await startMailbox()
    const stripe = await startLocalStripe()
    ends.push(remove, mailbox.stop, stripe.stop)
    await stripe.seedCatalogue()
    await stripe.setDelivery({ mode: "held" })
    const env = { ...settingsFor(file, mailbox, stripe), ...common, ...settings }
    const servers: RunningProcess[] = []
    ends.push(() => endAll(servers))

    const run = async (more: Record<string, string>) => {
      const server = await startProcess({ env: { ...env, ...more } })
      servers.push(server)
      return server
    }
    let server = await run(crashAt ? { GATEHOUSE_CRASH_AT: crashAt } : {})
    const { url } = server
    await stripe.webhookTo({
      url: `${url}/api/webhooks/stripe`,
      secret: webhookSecret,
      enabledEvents: [...handledTypes],
    })

    const rows = <Row>(sql: string, ...values: unknown[]): Row[] => {
      const handle = new Sqlite(file, { readonly: true })
      try {
        return handle.prepare<unknown[], Row>(sql).all(...values)
      } finally {
        handle.close()
      }
    }
    return {
      stripe,
      mailbox,
      url,
      start: async crashAt => {
        await server.kill()
        server = await run({ PORT: portOf(server), ...(crashAt && { GATEHOUSE_CRASH_AT: crashAt }) })
        return server
      },
      died: async () => expect(await server.ended).toBeNull(),
      kill: () => server.kill(),
      stop: () => server.stop(),
      settled: () =>
        vi.waitFor(() => expect(unfinished(server, rows)).toEqual([]), { timeout: 30_000, interval: 25 }),
      firstRow: sql =>
        vi.waitFor(() => expect(rows(sql).length).toBeGreaterThan(0), { timeout: 20_000, interval: 5 }),
      rows,
      count: table => rows(`SELECT 1 FROM "${table}"`).length,
      browser: () => new Browser(url),
      neighbour: () => run({}),
    }
  }
}

function settingsFor(file: string, mailbox: Mailbox, stripe: LocalStripe): Record<string, string> {
  return {
    DATABASE_FILE: file,
    HOST: "127.0.0.1",
    APP_SECRET: "a secret that outlives every crash of these tests",
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mailbox.smtpPort),
    SMTP_TLS: "none",
    MAIL_FROM: "Gatehouse <hello@gatehouse.test>",
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
  }
}

/** The schedules of the start that put something into the queue. */
const repairsAtStart = ["stripe.repair", "organizations.closing"]

/** What keeps a house from being settled, in words. */
function unfinished(server: RunningProcess, rows: House["rows"]): string[] {
  const jobs = rows<{ kind: string; state: string; lastError: string | null }>(
    "SELECT kind, state, lastError FROM Job WHERE state IN ('queued', 'running')",
  )
  const events = rows<{ id: string }>("SELECT id FROM StripeEvent WHERE state = 'received'")
  return [
    ...repairsAtStart.filter(name => !server.logs().includes(`"schedule":"${name}"`)),
    ...jobs.map(job => `${job.kind} ${job.state} ${job.lastError ?? ""}`),
    ...events.map(event => event.id),
  ]
}

async function endAll(servers: RunningProcess[]): Promise<void> {
  await Promise.all(servers.map(server => server.kill()))
  const errors = servers.flatMap(server =>
    server
      .logs()
      .split("\n")
      .filter(line => /"level":"(error|fatal)"/.test(line)),
  )
  expect(errors).toEqual([])
}
