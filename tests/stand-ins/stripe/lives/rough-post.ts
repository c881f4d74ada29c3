import { type Odds, ROUGH_ODDS } from "../delivery/mode"
import type { Dice } from "../dice"
import type { EventObject } from "../objects"

/** A post that loses, repeats, delays and shuffles what it is given, as a seed says. */
export class RoughPost {
  #late: EventObject[] = []

  constructor(private readonly dice: Dice) {}

  /** How many it still holds back. */
  get held(): number {
    return this.#late.length
  }

  /** Takes what happened, and answers what arrives now: of this and of what was held back. */
  round(news: EventObject[], odds: Partial<Odds> = {}): EventObject[] {
    const { dropped, repeated, late } = { ...ROUGH_ODDS, ...odds }
    const waiting = this.#late
    this.#late = []
    const arrives: EventObject[] = []
    for (const event of [...waiting, ...news]) {
      if (!waiting.includes(event) && this.dice.chance(dropped)) continue
      const copies = this.dice.chance(repeated) ? this.dice.between(2, 3) : 1
      for (let copy = 0; copy < copies; copy += 1) {
        if (this.dice.chance(late)) this.#late.push(event)
        else arrives.push(event)
      }
    }
    return this.dice.shuffle(arrives)
  }

  /** Everything held back, at last. */
  rest(): EventObject[] {
    return this.dice.shuffle(this.#late.splice(0))
  }
}
