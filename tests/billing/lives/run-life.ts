import { accessOf } from "~/domain/billing/access-of.server"
import { Dice } from "../../stand-ins/stripe/dice"
import { FAULT_KINDS } from "../../stand-ins/stripe/faults"
import type { Life } from "../../stand-ins/stripe/lives/life"
import type { EventObject } from "../../stand-ins/stripe/objects"
import type { AppInProcess } from "./app-in-process"
import { Buyers } from "./buyers"
import { mortal } from "./mortal"
import { type Post, postNames, posts } from "./posts"
import { difference, dump, type Figures, problemsOf } from "./verdict"

/** Beyond a month Stripe has forgotten its events; beyond three nobody here asks any more. In milliseconds. */
const LONGEST_OUTAGE = 35 * 24 * 60 * 60 * 1_000

/** Answers that spoil a call without making a test wait. */
const faults = FAULT_KINDS.filter(kind => kind !== "hang" && kind !== "slow")

export type Outcome = { story: string[]; problems: string[]; figures: Figures }

/**
 * One life of an account and of the app beside it, as the seed says: what people do at Stripe and here, events that come as
 * they like, answers that fail, and deaths of the process. Then everything settles within an hour, and is judged.
 */
export async function runLife(app: AppInProcess, seed: number, steps = stepsOf(seed)): Promise<Outcome> {
  const life = app.begin(seed)
  const figures: Figures = {
    acts: 0,
    kills: 0,
    deliveries: 0,
    restarts: 0,
    faults: 0,
    subscriptions: 0,
    mails: 0,
  }
  const run = new Run(app, life, figures)
  await app.start()
  for (let step = 0; step < steps; step += 1) await run.step()
  await run.settle()
  const problems = await problemsOf(app, life, async id => (await mortal.live(() => accessOf(id))).level)
  const before = dump(app)
  await run.everythingAgain()
  const changed = difference(before, dump(app))
  figures.subscriptions = life.truth().length
  figures.mails = app.rows("SELECT 1 FROM Mail").length
  return { story: life.story, problems: [...problems, ...changed], figures }
}

/** Short lives go wrong in fewer words, long ones in more ways. */
export function stepsOf(seed: number): number {
  return new Dice(seed).between(6, 30)
}

class Run {
  readonly #buyers: Buyers
  readonly #post: Post
  /** Sent while the process was down: Stripe tries these again. */
  #unanswered: EventObject[] = []
  #down = false
  #lastNight: number

  constructor(
    private readonly app: AppInProcess,
    private readonly life: Life,
    private readonly figures: Figures,
  ) {
    this.#lastNight = life.clock()
    this.#buyers = new Buyers(app, life.dice)
    this.#post = life.dice.pick(postNames) ?? "rough"
    life.story.push(`the post is ${this.#post}`)
  }

  async step(): Promise<void> {
    this.figures.acts += 1
    const { dice } = this.life
    if (this.life.clock() - this.#lastNight > LONGEST_OUTAGE) await this.#endOutage()
    if (this.#down && dice.chance(0.4)) await this.#start()
    if (this.figures.acts === 1) {
      this.life.story.push(`    newcomer: ${await this.#buyers.newcomer()}`)
      return
    }
    if (dice.chance(0.55) && this.life.truth().length + this.#openPages() > 0) {
      this.life.step()
      if (dice.chance(0.7)) await this.#deliver(this.life.roughNews(posts[this.#post]))
      return
    }
    if (dice.chance(0.08)) this.#spoil()
    if (dice.chance(0.1)) mortal.dieIn(dice.between(0, 30))
    if (!this.#down) await this.#act()
    this.#noteDeath()
  }

  /** An hour without trouble, and a night: after that everything must be right. */
  async settle(): Promise<void> {
    const { app, life } = this
    app.account.context.faults.clear()
    mortal.spare()
    if (life.dice.chance(0.5)) await this.#deliver([...this.#unanswered, ...life.lateNews()])
    await this.#start()
    do {
      life.acts.advance({ hours: 1 })
      await app.hour()
    } while (
      app.rows("SELECT 1 FROM Job WHERE state = 'queued' AND lastError IS NOT NULL LIMIT 1").length > 0
    )
    await app.night()
    life.story.push("settled")
  }

  /** Every event Stripe still knows once more, and every round: nothing of it may change anything. */
  async everythingAgain(): Promise<void> {
    const month = this.life.clock() / 1_000 - 30 * 24 * 60 * 60
    const known = this.app.account.context.ledger.events.filter(row => row.created > month)
    for (const event of this.life.dice.shuffle(known)) await this.app.deliver(structuredClone(event))
    await this.app.start()
    await this.app.night()
  }

  #openPages(): number {
    return this.app.account.context.ledger.sessions.filter(row => row.status === "open").length
  }

  async #act(): Promise<void> {
    const { app, life } = this
    const buyers = this.#buyers
    const acts: [string, number, () => Promise<unknown>][] = [
      ["newcomer", app.rows("SELECT 1 FROM Checkout").length < 4 ? 12 : 0.5, () => buyers.newcomer()],
      ["owner buys", 3, () => buyers.ownerBuys()],
      ["tries again", 3, () => buyers.tryAgain()],
      ["looks", 4, () => buyers.look()],
      ["works", 12, () => app.work()],
      ["an hour's round", 3, () => app.hour()],
      ["a night's round", 1.5, () => app.night()],
      ["restarts", 1, () => this.#start()],
      ["late news", 3, () => this.#deliver(life.roughNews(posts[this.#post]))],
    ]
    let left = life.dice.next() * acts.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight, act] of acts) {
      left -= weight
      if (left >= 0) continue
      const said = await act()
      life.story.push(`    ${name}${typeof said === "string" ? `: ${said}` : ""}`)
      return
    }
  }

  async #deliver(events: EventObject[]): Promise<void> {
    for (const event of events) {
      this.figures.deliveries += 1
      if (this.#down) {
        this.#unanswered.push(event)
        continue
      }
      await this.app.deliver(event)
      if (this.#noteDeath()) this.#unanswered.push(event)
    }
  }

  #spoil(): void {
    const { dice } = this.life
    const kind = dice.pick(faults)
    if (!kind) return
    this.figures.faults += 1
    const after = dice.chance(0.5)
    const times = dice.between(1, 3)
    const skip = dice.between(0, 4)
    const common = { path: "/v1/", exact: false, method: null, retryAfter: null, delayMs: 0 }
    this.app.account.context.faults.add({ ...common, kind, times, skip, after })
    this.life.story.push(
      `    Stripe will answer ${times} times with ${kind}${after ? ", after the effect" : ""}`,
    )
  }

  async #endOutage(): Promise<void> {
    const { app, life } = this
    app.account.context.faults.clear()
    mortal.spare()
    if (this.#down) await this.#start()
    await app.night()
    life.story.push("    an outage ends")
    this.#lastNight = life.clock()
  }

  #noteDeath(): boolean {
    if (!mortal.isDead() || this.#down) return false
    this.#down = true
    this.figures.kills += 1
    this.life.story.push(`    KILLED at ${mortal.diedAt()}`)
    return true
  }

  async #start(): Promise<void> {
    this.figures.restarts += 1
    this.life.story.push("    starts")
    this.#down = false
    await this.app.start()
    this.#noteDeath()
  }
}
