import type { Context } from "../control/context"
import { forgetLives } from "../control/forgetting"
import type { Odds } from "../delivery/mode"
import { Dice } from "../dice"
import { StripeFailure } from "../errors"
import type { EventObject } from "../objects"
import { type Acts, actsOn } from "./acts"
import { type Choice, type ChoiceName, choices } from "./choices"
import { RoughPost } from "./rough-post"
import { type Truth, truthOf } from "./truth"

// A Friday at noon, far from the ends of months and from changes of summer time.
const BEGINS = Date.UTC(2027, 0, 15, 12) / 1_000

export interface Step {
  act: ChoiceName
  on: string
  /** What came of it, when Stripe refused. */
  refused: string | null
}

/**
 * One life of a whole account, told by a seed: the clock stands unless it is moved, nothing is delivered by itself,
 * and the same calls in the same order see the same things happen.
 */
export class Life {
  readonly dice: Dice
  readonly acts: Acts
  /** All steps so far, in words, to be printed with the seed when something went wrong. */
  readonly story: string[] = []
  readonly #context: Context
  readonly #post: RoughPost
  #told: number

  constructor(
    context: Context,
    readonly seed: number,
    begins = BEGINS,
  ) {
    const { ledger, webhooks } = context
    forgetLives(context)
    ledger.clock.stopAt(begins)
    this.dice = new Dice(seed)
    ledger.dice = new Dice(seed ^ 0x5eed)
    webhooks.settings.mode = "dropped"
    this.acts = actsOn(ledger)
    this.#context = context
    this.#post = new RoughPost(new Dice(seed ^ 0x9057))
    this.#told = ledger.events.size
  }

  /** Stripe's time in milliseconds, for the app's own clock. */
  readonly clock = (): number => this.#context.ledger.clock.now() * 1_000

  /** Lets one thing happen by chance, of those that can; null when none can. */
  step(which: { only?: ChoiceName[]; except?: ChoiceName[] } = {}): Step | null {
    const { ledger } = this.#context
    const possible = Object.entries<Choice>(choices).flatMap(([name, choice]) => {
      if (!isChoice(name) || which.except?.includes(name)) return []
      if (which.only && !which.only.includes(name)) return []
      const targets = choice.targets(ledger)
      return targets.length > 0 ? [{ name, choice, targets }] : []
    })
    let left = this.dice.next() * possible.reduce((sum, row) => sum + row.choice.weight, 0)
    const chosen = possible.find(row => {
      left -= row.choice.weight
      return left < 0
    })
    const on = chosen && this.dice.pick(chosen.targets)
    if (!chosen || on === undefined) return null
    let refused: string | null = null
    try {
      chosen.choice.play(this.acts, on, this.dice, ledger)
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error
      refused = error.message
    }
    const when = new Date(this.clock()).toISOString()
    this.story.push(`${when} ${chosen.name} ${on}${refused === null ? "" : ` (refused: ${refused})`}`)
    return { act: chosen.name, on, refused }
  }

  /** What happened since the last call, in order, each once. */
  news(): EventObject[] {
    const all = this.#context.ledger.events.all()
    const news = all.slice(this.#told)
    this.#told = all.length
    return structuredClone(news)
  }

  /** The same through a rough post: some lost for good, some repeated, some held back, in any order. */
  roughNews(odds: Partial<Odds> = {}): EventObject[] {
    return this.#post.round(this.news(), odds)
  }

  /** What the rough post still held back. */
  lateNews(): EventObject[] {
    return this.#post.rest()
  }

  /** How Stripe sees every subscription there ever was in this life. */
  truth(): Truth[] {
    return truthOf(this.#context.ledger)
  }
}

const isChoice = (name: string): name is ChoiceName => Object.hasOwn(choices, name)
