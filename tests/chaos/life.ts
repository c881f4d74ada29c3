import { bestOf } from "~/domain/billing/access"
import { patience } from "~/domain/billing/patience.server"
import { isPlanId, planIds } from "~/domain/billing/plans"
import type { Right } from "../billing/lives/oracle"
import { type Post, postNames, posts } from "../billing/lives/posts"
import type { ServedAccount } from "../billing/lives/served-account"
import { difference, dump, problemsOf, type Row } from "../billing/lives/verdict"
import { Witness } from "../billing/lives/witness"
import type { FaultKind } from "../stand-ins/stripe/faults"
import { Life } from "../stand-ins/stripe/lives/life"
import type { EventObject } from "../stand-ins/stripe/objects"
import { Browser } from "../support/browser"
import { wrongAnswers } from "./reading"
import { Server } from "./server"

export type ChaosFigures = {
  acts: number
  kills: number
  deliveries: number
  faults: number
  subscriptions: number
  mails: number
}

const faults: FaultKind[] = ["429", "500", "reset", "truncated", "html"]
const STEPS = 24

/** One life with a real server that is killed at any moment. Answers what is wrong after it settled, and the story. */
export async function chaosLife(account: ServedAccount, seed: number) {
  const life = new Life(account.context, seed)
  const server = await Server.for(account, life)
  const run = new ChaosRun(account, life, server)
  try {
    await server.start()
    for (let step = 0; step < STEPS; step += 1) await run.step(step)
    await run.settle()
    const problems = await problemsOf(run, life, run.witness, async id => run.rightOf(id))
    problems.push(...run.witness.problems, ...(await wrongAnswers(server, run.witness)))
    const before = dump(run)
    await run.everythingAgain()
    const changed = difference(before, dump(run))
    run.figures.subscriptions = life.truth().length
    run.figures.mails = run.rows("SELECT 1 FROM Mail").length
    return { story: life.story, problems: [...problems, ...changed, ...run.errors], figures: run.figures }
  } catch (error) {
    throw new Error(`seed ${seed}\n${life.story.join("\n")}`, { cause: error })
  } finally {
    await server.end()
  }
}

class ChaosRun {
  readonly figures: ChaosFigures = { acts: 0, kills: 0, deliveries: 0, faults: 0, subscriptions: 0, mails: 0 }
  readonly errors: string[] = []
  readonly rows: Server["rows"]
  readonly ledger: ServedAccount["context"]["ledger"]
  readonly witness: Witness
  readonly #post: Post
  #refused: EventObject[] = []
  #buyers = 0

  constructor(
    private readonly account: ServedAccount,
    private readonly life: Life,
    private readonly server: Server,
  ) {
    this.rows = server.rows
    this.ledger = account.context.ledger
    this.witness = new Witness(this, life, async id => this.rightOf(id))
    this.#post = life.dice.pick(postNames) ?? "rough"
    life.story.push(`the post is ${this.#post}`)
  }

  /** The app's table applied to its rows, as the server does at each request. */
  rightOf(organizationId: string): Right {
    const rows = this.rows<Row>("SELECT * FROM Subscription WHERE organizationId = ?", organizationId)
    const facts = rows.map(row => {
      return {
        ...row,
        plan: isPlanId(row.plan) ? row.plan : null,
        pastDueSince: row.pastDueSince === null ? null : new Date(row.pastDueSince),
        endedAt: row.endedAt === null ? null : new Date(row.endedAt),
      }
    })
    const found = bestOf(facts, new Date(this.life.clock()), patience())
    const level = found?.access.level ?? "none"
    return { level, plan: level === "full" ? (found?.subscription.plan ?? null) : null }
  }

  async step(step: number): Promise<void> {
    this.figures.acts += 1
    const { dice } = this.life
    if (!this.server.isUp && dice.chance(0.5)) await this.#start()
    await this.witness.watch(() => this.#act(step))
  }

  async #act(step: number): Promise<void> {
    const { dice } = this.life
    if (step === 0 || (this.server.isUp && this.#buyers < 4 && dice.chance(0.2))) await this.#buy()
    else if (this.life.step({ except: dice.chance(0.7) ? ["someWeeks", "someDays"] : [] }) === null) return
    this.server.setClock()
    if (dice.chance(0.1)) this.#spoil()
    const deadly = this.server.isUp && dice.chance(0.25)
    const death = deadly ? this.#killIn(dice.between(0, 120)) : undefined
    if (dice.chance(0.7)) await this.#deliver(this.life.roughNews(posts[this.#post]))
    else if (deadly) await this.#looks()
    await death
  }

  /** A day without trouble: the hourly and nightly rounds come with the starts. */
  async settle(): Promise<void> {
    this.account.context.faults.clear()
    if (!this.server.isUp) await this.#start()
    if (this.life.dice.chance(0.5)) await this.#deliver([...this.#refused, ...this.life.lateNews()])
    // A comparison is due when the last one is older than a night.
    this.life.acts.advance({ hours: 26 })
    await this.#listens()
    // What that comparison found is told by the next hour's rounds.
    do {
      this.life.acts.advance({ hours: 1 })
      await this.#listens()
    } while (this.server.retries() > 0)
    this.life.story.push("settled")
  }

  /** Every event Stripe still knows once more, all at once, and another start. */
  async everythingAgain(): Promise<void> {
    const month = this.life.clock() / 1_000 - 30 * 24 * 60 * 60
    await this.#deliver(this.life.dice.shuffle(this.ledger.events.filter(row => row.created > month)))
    await this.#startAnew()
  }

  async #listens(): Promise<void> {
    await this.witness.watch(() => this.#startAnew())
    if (this.server.retries() === 0)
      this.witness.history.noteHeard({ told: false, at: this.server.now() / 1_000 })
  }

  /** One more death: what runs or waits now is taken up by the next start. */
  async #startAnew(): Promise<void> {
    this.#noteErrors()
    await this.server.kill()
    await this.server.start()
    await this.server.settled()
    this.#noteErrors()
  }

  async #start(): Promise<void> {
    this.life.story.push("    starts")
    await this.server.start()
  }

  async #killIn(milliseconds: number): Promise<void> {
    await new Promise(go => setTimeout(go, milliseconds))
    this.figures.kills += 1
    this.life.story.push(`    KILLED after ${milliseconds} ms`)
    this.#noteErrors()
    await this.server.kill()
  }

  async #buy(): Promise<void> {
    this.#buyers += 1
    const plan = this.life.dice.pick(planIds) ?? planIds[0]
    const form = {
      plan,
      interval: this.life.dice.chance(0.8) ? "month" : "year",
      email: `buyer-${this.#buyers}@example.test`,
      businessName: `Example ${this.#buyers}`,
    }
    const status = await new Browser(this.server.url).post("/checkout", form).then(
      answer => answer.status,
      () => "no answer",
    )
    this.life.story.push(`    ${form.businessName} ${plan} ${form.interval}: ${status}`)
  }

  async #looks(): Promise<void> {
    const pages = this.rows<{ id: string }>(
      "SELECT stripeSessionId AS id FROM Checkout WHERE stripeSessionId IS NOT NULL ORDER BY createdAt, email",
    )
    const page = this.life.dice.pick(pages)
    if (!page) return
    await new Browser(this.server.url).get(`/checkout/pending?session_id=${page.id}`).catch(() => undefined)
  }

  async #deliver(events: EventObject[]): Promise<void> {
    this.figures.deliveries += events.length
    const taken = await Promise.all(
      events.map(async event => (this.server.isUp ? this.server.deliver(event) : false)),
    )
    this.#refused.push(...events.filter((_, at) => !taken[at]))
  }

  #spoil(): void {
    const kind = this.life.dice.pick(faults) ?? "500"
    this.figures.faults += 1
    const common = { path: "/v1/", exact: false, method: null, retryAfter: null, delayMs: 0 }
    const times = this.life.dice.between(1, 6)
    this.account.context.faults.add({ ...common, kind, times, skip: 0, after: this.life.dice.chance(0.5) })
    this.life.story.push(`    Stripe will answer ${times} times with ${kind}`)
  }

  #noteErrors(): void {
    // What Stripe's own trouble makes of a last try is logged as an error, too, and is part of life.
    this.errors.push(...this.server.errors().filter(line => !/Stripe[A-Za-z]*Error/.test(line)))
  }
}
