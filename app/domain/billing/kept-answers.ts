type Kept<T> = { version: number; until: number; answer: T }

/**
 * Answers that are good to have and cost somebody's patience to get: each is kept for a while, for as long as what it is about has
 * not changed. `most` is how many are kept in mind; the oldest goes first.
 */
export class KeptAnswers<T> {
  readonly #kept = new Map<string, Kept<T>>()

  constructor(readonly most: number) {}

  /** What is known of it at this moment, in milliseconds; undefined when it has to be asked for. */
  find(id: string, version: number, at: number): { answer: T } | undefined {
    const known = this.#kept.get(id)
    return known && known.version === version && known.until > at ? { answer: known.answer } : undefined
  }

  keep(id: string, kept: Kept<T>): void {
    this.#kept.delete(id)
    this.#kept.set(id, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > this.most && oldest) this.#kept.delete(oldest)
  }
}
