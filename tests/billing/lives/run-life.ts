import { accessOf } from "~/domain/billing/access-of.server"
import { Dice } from "../../stand-ins/stripe/dice"
import { FAULT_KINDS } from "../../stand-ins/stripe/faults"
import type { ChoiceName } from "../../stand-ins/stripe/lives/choices"
import type { Life } from "../../stand-ins/stripe/lives/life"
import type { EventObject } from "../../stand-ins/stripe/objects"
import type { AppInProcess, How } from "./app-in-process"
import { Buyers } from "./buyers"
import { mortal } from "./mortal"
import { Owners } from "./owners"
import { type Post, postNames, posts } from "./posts"
import { difference, dump, type Figures, problemsOf } from "./verdict"
import { type RightOf, Witness } from "./witness"

/** Beyond a month Stripe has forgotten its events; beyond three nobody here asks any more. In milliseconds. */
const LONGEST_OUTAGE = 35 * 24 * 60 * 60 * 1_000

/** What people do at Stripe, of which no event may tell. */
const editsByHand: ChoiceName[] = [
  "changePlan",
  "cancelNow",
  "cancelAtPeriodEnd",
  "cancelInPortal",
  "undoCancel",
  "pause",
  "resume",
  "payInvoice",
]

/** What Stripe's account is set to do with whoever never pays. */
const endsOfDunning = ["canceled", "canceled", "unpaid", "past_due"] as const

/** Answers that spoil a call without making a test wait. */
const faults = FAULT_KINDS.filter(kind => kind !== "hang" && kind !== "slow")

export type Outcome = { story: string[]; problems: string[]; figures: Figures }

/** What the app lets an organisation do at this moment, asked as its pages ask. */
const rightOf: RightOf = async id => {
  const { level, plan } = await accessOf(id)
  return { level, plan: level === "full" ? plan : null }
}

/**
 * One life of an account and of the app beside it, as the seed says: what people do at Stripe and here, events that come as
 * they like, answers that fail, and deaths of the process. At each step it is looked at for what must never be. Then it settles:
 * first by what arrives and the hour's rounds alone, then, for what those cannot know, by a night; and is judged each time.
 */
export async function runLife(app: AppInProcess, seed: number, steps = stepsOf(seed)): Promise<Outcome> {
  const life = app.begin(seed)
  const witness = new Witness(app, life, rightOf)
  const run = new Run(app, life, witness)
  await app.start()
  for (let step = 0; step < steps; step += 1) await run.step()
  await run.settleWithinAnHour()
  await run.settleByNight()
  const problems = await problemsOf(app, life, witness, rightOf)
  const before = dump(app)
  await run.everythingAgain()
  const changed = difference(before, dump(app))
  run.figures.subscriptions = life.truth().length
  run.figures.mails = app.rows("SELECT 1 FROM Mail").length
  const all = [...new Set([...witness.problems, ...problems, ...changed])]
  return { story: life.story, problems: all, figures: run.figures }
}

/** Short lives go wrong in fewer words, long ones in more ways. */
export function stepsOf(seed: number): number {
  return new Dice(seed).between(6, 30)
}

class Run {
  readonly figures: Figures = {
    acts: 0,
    kills: 0,
    deliveries: 0,
    restarts: 0,
    faults: 0,
    judgedByTheHour: 0,
    editsUnseen: 0,
    subscriptions: 0,
    mails: 0,
  }
  readonly #buyers: Buyers
  readonly #owners: Owners
  readonly #post: Post
  /** Sent while the process was down: Stripe tries these again. */
  #unanswered: EventObject[] = []
  #down = false
  #lastNight: number
  readonly #began: number

  constructor(
    private readonly app: AppInProcess,
    private readonly life: Life,
    private readonly witness: Witness,
  ) {
    this.#lastNight = life.clock()
    this.#began = life.clock() / 1_000
    this.#buyers = new Buyers(app, life.dice)
    this.#owners = new Owners(app, life.dice, witness)
    this.#post = life.dice.pick(postNames) ?? "rough"
    const afterwards = life.dice.pick(endsOfDunning) ?? "canceled"
    app.ledger.dunning.afterwards = afterwards
    life.story.push(`the post is ${this.#post}; what is not paid in the end becomes ${afterwards}`)
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
    if (dice.chance(0.12)) this.#spoil()
    if (dice.chance(0.1)) mortal.dieIn(dice.between(0, 30))
    if (!this.#down) await this.witness.watch(() => this.#act())
    this.#noteDeath()
  }

  /** An hour without trouble, and no comparison: what arrives, and the hour's round. After that access must be right. */
  async settleWithinAnHour(): Promise<void> {
    const { app, life } = this
    app.account.context.faults.clear()
    mortal.spare()
    if (life.dice.chance(0.5)) await this.#deliver([...this.#unanswered, ...life.lateNews()])
    if (this.#down || life.dice.chance(0.5)) await this.#start(this.#how({ compare: false }))
    life.acts.advance({ hours: 1 })
    await this.#hour(this.#how({ compare: false }))
    life.story.push("an hour later")
  }

  /** What no event tells of is found in a night; and whatever is tried again has its time. */
  async settleByNight(): Promise<void> {
    const { app, life, witness } = this
    life.news()
    witness.history.unseen(() => {
      const edits = life.dice.chance(0.4) ? life.dice.between(1, 2) : 0
      for (let left = edits; left > 0; left -= 1) {
        if (!life.step({ only: editsByHand })) continue
        this.figures.editsUnseen += 1
        life.story.push("    and no event tells of it")
      }
    })
    life.news()
    await witness.watch(() => app.night())
    await witness.judgeAccess()
    do {
      life.acts.advance({ hours: 1 })
      await this.#hour({ compare: true, inStep: true })
    } while (this.#retries() > 0)
    await witness.watch(() => app.night())
    life.story.push("settled")
  }

  /** Every event Stripe still knows once more, and every round: nothing of it may change anything. */
  async everythingAgain(): Promise<void> {
    const month = this.life.clock() / 1_000 - 30 * 24 * 60 * 60
    const known = this.app.ledger.events.filter(row => row.created > month)
    for (const event of this.life.dice.shuffle(known)) await this.app.deliver(structuredClone(event))
    await this.app.start()
    await this.app.night()
  }

  #openPages(): number {
    return this.app.ledger.sessions.filter(row => row.status === "open").length
  }

  async #act(): Promise<void> {
    const { app, life } = this
    const buyers = this.#buyers
    const owners = this.#owners
    const closing = app.rows("SELECT 1 FROM Organization WHERE closeRequestedAt IS NOT NULL").length
    const acts: [string, number, () => Promise<unknown>][] = [
      ["newcomer", app.rows("SELECT 1 FROM Checkout").length < 4 ? 12 : 0.5, () => buyers.newcomer()],
      ["owner buys", 3, () => buyers.ownerBuys()],
      ["tries again", buyers.waiting > 0 ? 10 : 0, () => buyers.tryAgain()],
      ["looks", 4, () => buyers.look()],
      ["changes plan", 4, () => owners.changesPlan()],
      ["agrees again", 1, () => owners.agreesAgain()],
      ["ends plan", 1.5, () => owners.endsPlan()],
      ["keeps plan", 1.5, () => owners.keepsPlan()],
      ["closes", 0.5, () => owners.closes()],
      ["reopens", closing > 0 ? 4 : 0, () => owners.reopens()],
      ["trusts admins", 0.5, () => owners.trustsAdmins()],
      ["goes to the portal", 0.5, () => owners.goesToPortal()],
      ["works", 12, () => app.work()],
      ["an hour's round", 3, () => this.#hour()],
      ["a night's round", 1.5, () => app.night()],
      ["fails to renew", 5, () => this.#failsToRenew()],
      ["comes to a limit", this.witness.nextLimit() === undefined ? 0 : 14, () => this.#comesToLimit()],
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
    await this.witness.watch(async () => {
      for (const event of events) {
        this.figures.deliveries += 1
        if (this.#down) {
          this.#unanswered.push(event)
          continue
        }
        await this.app.deliver(event)
        if (this.#noteDeath()) this.#unanswered.push(event)
      }
    })
  }

  async #hour(how = this.#how({ compare: true })): Promise<void> {
    await this.#listening(how, () => this.app.hour(how))
  }

  #how({ compare }: { compare: boolean }): How {
    return { compare, inStep: this.life.dice.chance(0.5) }
  }

  /** A round that nothing disturbs hears of everything, and leaves access as it should be. */
  async #listening({ compare, inStep }: How, round: () => Promise<boolean>): Promise<void> {
    const { history } = this.witness
    const calm = this.app.account.context.faults.list().length === 0
    // Beyond a month Stripe has forgotten what it would have told: that takes a comparison.
    const since = history.heard.at(-1)?.at ?? this.#began
    const told = this.life.clock() / 1_000 - since < 29 * 24 * 60 * 60
    const lived = await this.witness.watch(round)
    if (!calm || !lived || this.#retries() > 0 || !(compare || told)) return
    history.noteHeard({ told: inStep })
    this.figures.judgedByTheHour += 1
    await this.witness.judgeAccess()
  }

  /** A card is declined from now on, and the next period begins; often it is heard at once, and the grace passes. */
  async #failsToRenew(): Promise<string> {
    const { life } = this
    const failed = life.step({ only: ["failCard"] })
    const ends = life
      .truth()
      .filter(one => one.customer === failed?.on && ["trialing", "active"].includes(one.status))
      .map(one => one.periodEnd)
    const hours = (Math.min(...ends) - life.clock() / 1_000) / 3_600
    if (ends.length === 0 || hours > 35 * 24) return "nobody soon"
    // A bill is a draft for an hour.
    life.acts.advance({ hours: hours + 2 })
    const since = new Date(life.clock()).toISOString()
    if (life.dice.chance(0.7)) await this.#hour()
    return life.dice.chance(0.6) ? `${since}, then ${await this.#comesToLimit()}` : since
  }

  /** Time goes on to an hour before or after somebody's patience, or ours, is over. */
  async #comesToLimit(): Promise<string> {
    if (this.life.clock() - this.#lastNight > LONGEST_OUTAGE) await this.#endOutage()
    const limit = this.witness.nextLimit()
    if (limit === undefined) return "there is none"
    const seconds = limit - this.life.clock() / 1_000
    const hours = seconds / 3_600 + (seconds > 3_600 && this.life.dice.chance(0.5) ? -1 : 1)
    this.life.acts.advance({ hours })
    await this.#hour()
    return new Date(this.life.clock()).toISOString()
  }

  #retries(): number {
    return this.app.rows("SELECT 1 FROM Job WHERE state = 'queued' AND lastError IS NOT NULL").length
  }

  #spoil(): void {
    const { dice } = this.life
    const kind = dice.pick(faults)
    if (!kind) return
    this.figures.faults += 1
    // Who is told that there were too many calls may trust that nothing happened.
    const after = kind !== "429" && dice.chance(0.5)
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
    await this.witness.watch(() => app.night())
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

  async #start(how = this.#how({ compare: true })): Promise<void> {
    this.figures.restarts += 1
    this.life.story.push("    starts")
    this.#down = false
    await this.#listening(how, () => this.app.start(how))
    this.#noteDeath()
  }
}
