/** Random numbers that a seed repeats, so that a run that failed can be played again. Source: Mulberry32 (T. Ettinger). */
export class Dice {
  #state: number

  constructor(readonly seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to, but never, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of a list; undefined only for an empty one. */
  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)]
  }

  /** A list in a random order that is not the one it came in, when it has two or more. */
  shuffle<T>(list: readonly T[]): T[] {
    const rest = [...list]
    const shuffled: T[] = []
    while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(this.next() * rest.length), 1))
    const same = shuffled.every((value, index) => value === list[index])
    return same && list.length > 1 ? [...shuffled.slice(1), ...shuffled.slice(0, 1)] : shuffled
  }
}

/** A seed nobody chose. */
export const anySeed = () => Math.floor(Math.random() * 2 ** 32)
