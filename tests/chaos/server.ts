import { writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import Sqlite from "better-sqlite3"
import { graceDays, readOnlyDays } from "../billing/lives/oracle"
import type { ServedAccount } from "../billing/lives/served-account"
import { signatureHeader } from "../stand-ins/stripe/delivery/signature"
import type { Life } from "../stand-ins/stripe/lives/life"
import type { EventObject } from "../stand-ins/stripe/objects"
import { freshFile } from "../support/database"
import { type RunningProcess, startProcess } from "../support/process"

const webhookSecret = "whsec_local_chaos_0000"
const startJobs = [
  "stripe.repair",
  "organizations.closing",
  "stripe.invoices",
  "stripe.compare-missed",
  "billing.time",
]

/** The built server with a database of its own, at Stripe's time, to be killed and started again. */
export class Server {
  #running: RunningProcess | undefined
  #port = ""
  #setAt = 0

  private constructor(
    readonly account: ServedAccount,
    private readonly life: Life,
    private readonly file: string,
    private readonly remove: () => void,
  ) {}

  static async for(account: ServedAccount, life: Life): Promise<Server> {
    const { file, remove } = await freshFile()
    return new Server(account, life, file, remove)
  }

  get isUp(): boolean {
    return this.#running !== undefined
  }

  get url(): string {
    return this.#running?.url ?? ""
  }

  async start(): Promise<void> {
    this.setClock()
    this.#running = await startProcess({
      env: {
        DATABASE_FILE: this.file,
        HOST: "127.0.0.1",
        APP_SECRET: "a secret that outlives every crash of these servers",
        STRIPE_SECRET_KEY: this.account.context.ledger.settings.secretKey,
        STRIPE_API_URL: this.account.url,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
        LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "1000000",
        TRIAL_DAYS: "14",
        BILLING_GRACE_DAYS: String(graceDays),
        BILLING_READ_ONLY_DAYS: String(readOnlyDays),
        // The verdict asks for what happened months before.
        KEEP_CHECKOUTS: "3650d",
        KEEP_MAIL_LOG: "3650d",
        MOVED_CLOCK_FILE: this.#clockFile(),
        NODE_OPTIONS: `--import ${pathToFileURL(resolve("tests/chaos/moved-clock.mjs"))}`,
        ...(this.#port && { PORT: this.#port, APP_URL: `http://localhost:${this.#port}` }),
      },
    })
    this.#port = new URL(this.#running.url).port
  }

  /** The power goes. */
  async kill(): Promise<void> {
    await this.#running?.kill()
    this.#running = undefined
  }

  /** Brings the server's clock to Stripe's. */
  setClock(): void {
    writeFileSync(this.#clockFile(), String(this.life.clock() - Date.now()))
    this.#setAt = Date.now()
  }

  /** Posts an event as Stripe does. False when nobody took it. */
  async deliver(event: EventObject): Promise<boolean> {
    const body = JSON.stringify(event)
    // The server's clock goes on from where it was set.
    const time = Math.floor(this.now() / 1_000)
    return fetch(`${this.url}/api/webhooks/stripe`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "stripe-signature": signatureHeader(body, [webhookSecret], time),
      },
      body,
    }).then(
      answer => answer.ok,
      () => false,
    )
  }

  /** Waits until the start's rounds are done and nothing is due any more. */
  async settled(): Promise<void> {
    const until = performance.now() + 60_000
    while (performance.now() < until) {
      if (this.#unfinished().length === 0) return
      await new Promise(go => setTimeout(go, 50))
    }
    throw new Error(`Not settled within a minute:\n${this.#unfinished().join("\n")}`)
  }

  /** Jobs that failed and wait to be tried again. */
  retries(): number {
    return this.rows("SELECT 1 FROM Job WHERE state = 'queued' AND lastError IS NOT NULL").length
  }

  /** What the servers logged as errors, so far. */
  errors(): string[] {
    return (this.#running?.logs() ?? "").split("\n").filter(line => /"level":"(error|fatal)"/.test(line))
  }

  readonly rows = <Row>(sql: string, ...values: unknown[]): Row[] => {
    const handle = new Sqlite(this.file, { readonly: true, timeout: 5_000 })
    try {
      return handle.prepare<unknown[], Row>(sql).all(...values)
    } finally {
      handle.close()
    }
  }

  /** The server's time, in milliseconds. */
  now(): number {
    return this.life.clock() + Date.now() - this.#setAt
  }

  /** Writes into the server's file, as somebody else at the same machine would. */
  write(sql: string, ...values: unknown[]): void {
    const handle = new Sqlite(this.file, { timeout: 5_000 })
    try {
      handle.prepare(sql).run(...values)
    } finally {
      handle.close()
    }
  }

  async end(): Promise<void> {
    await this.kill()
    this.remove()
  }

  #clockFile(): string {
    return join(dirname(this.file), "clock")
  }

  #unfinished(): string[] {
    const logs = this.#running?.logs() ?? ""
    const due = this.now()
    const jobs = this.rows<{ kind: string; state: string }>(
      "SELECT kind, state FROM Job WHERE state = 'running' OR (state = 'queued' AND runAt <= ?)",
      due,
    )
    return [
      ...startJobs.filter(name => !logs.includes(`"schedule":"${name}"`)),
      ...jobs.map(job => `${job.kind} ${job.state}`),
    ]
  }
}
