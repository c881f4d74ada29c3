type Waiting = { alone: boolean; go: () => void }

/** Lets many pass one by one, or one stay inside while all others queue outside, in the order they came. */
export class Turnstile {
  #occupied = false
  readonly #queue: Waiting[] = []

  /** Starts `work` as soon as nobody is inside. Its synchronous part runs before anybody else may enter. */
  pass<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#occupied) return work()
    return new Promise((resolve, reject) => {
      this.#queue.push({ alone: false, go: () => work().then(resolve, reject) })
    })
  }

  /** Resolves once the caller is alone inside, until it calls `leave`. */
  enter(): Promise<void> {
    if (this.#occupied) return new Promise(go => this.#queue.push({ alone: true, go }))
    this.#occupied = true
    return Promise.resolve()
  }

  leave(): void {
    this.#occupied = false
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.#occupied = next.alone
      next.go()
      if (next.alone) return
    }
  }
}
