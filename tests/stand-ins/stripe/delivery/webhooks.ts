import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { EventObject } from "../objects"
import type { Attempt, Delivery } from "./delivery"
import { type DeliverySettings, NORMAL_DELIVERY } from "./mode"
import { withPending } from "./pending"
import { postWebhook } from "./post"

// Long enough for one request to cause all its events, short enough not to be noticed.
const SHUFFLE_WINDOW_MS = 40

/** Sends events to the endpoints that want them, in the manner that is set, again until they answer 2xx. */
export class Webhooks {
  settings: DeliverySettings = { ...NORMAL_DELIVERY }
  readonly #ledger: Ledger
  readonly #changed: () => void
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #watchers = new Set<() => void>()
  readonly #stop = new AbortController()
  #line: Promise<unknown> = Promise.resolve()
  #gathered: Delivery[] = []

  constructor(ledger: Ledger, changed: () => void) {
    this.#ledger = ledger
    this.#changed = changed
  }

  /** Queues an event for every endpoint that is enabled and asks for its type. */
  accept(event: EventObject): void {
    for (const endpoint of this.#ledger.webhookEndpoints.all()) {
      const wanted = endpoint.enabled_events.includes("*") || endpoint.enabled_events.includes(event.type)
      if (endpoint.status === "enabled" && wanted) this.#queue(event, endpoint.id, endpoint.url)
    }
  }

  #queue(event: EventObject, endpoint: string, url: string): void {
    const { mode, delayMs, odds, types } = this.settings
    const { dice } = this.#ledger
    const applies = types === null || types.includes(event.type)
    const random = applies && mode === "random"
    const lost = random && dice.chance(odds.dropped)
    const manner = lost ? "dropped" : applies ? mode : "ordered"
    const again = random && dice.chance(odds.repeated) ? dice.between(1, 2) : 0
    const batch = Array.from({ length: applies ? this.settings.copies + again : 1 }, () =>
      this.#ledger.deliveries.put({
        id: newId("whd"),
        event: event.id,
        type: event.type,
        endpoint,
        url,
        state: manner === "held" ? "held" : manner === "dropped" ? "dropped" : "waiting",
        attempts: [],
        nextAttemptAt: null,
      }),
    )
    if (manner === "ordered") {
      this.#line = this.#line.then(() => Promise.all(batch.map(delivery => this.#attempt(delivery))))
    } else if (manner === "delayed") {
      for (const delivery of batch) this.#later(delayMs, () => this.#attempt(delivery))
    } else if (manner === "random") {
      for (const delivery of batch) {
        const wait = dice.chance(odds.late) ? dice.between(0, delayMs) : 0
        this.#later(wait, () => this.#attempt(delivery))
      }
    } else if (manner === "shuffled") {
      if (this.#gathered.length === 0) this.#later(SHUFFLE_WINDOW_MS, () => this.#sendGathered())
      this.#gathered.push(...batch)
    }
  }

  #sendGathered(): void {
    const batch = this.#ledger.dice.shuffle(this.#gathered)
    this.#gathered = []
    for (const delivery of batch) void this.#attempt(delivery)
  }

  async #attempt(delivery: Delivery): Promise<Attempt | null> {
    const event = this.#ledger.events.get(delivery.event)
    const secrets = this.#ledger.webhookSecrets.get(delivery.endpoint)?.secrets
    if (this.#stop.signal.aborted) return null
    if (!event || !secrets) return this.#finish(delivery, "failed")
    delivery.state = "sending"
    delivery.nextAttemptAt = null
    const body = JSON.stringify(withPending(this.#ledger, event), null, 2)
    const { clock } = this.#ledger
    // An app of its own time would refuse Stripe's: only who keeps the same is told it.
    const time = clock.follower ? clock.now() : undefined
    const { timeoutMs } = this.settings
    const attempt = await postWebhook(delivery.url, body, secrets, timeoutMs, this.#stop.signal, time)
    if (this.#stop.signal.aborted) {
      delivery.state = "waiting"
      return null
    }
    delivery.attempts.push(attempt)
    const accepted = attempt.status !== null && attempt.status >= 200 && attempt.status < 300
    if (accepted) this.#finish(delivery, "delivered")
    else this.#planRetry(delivery)
    return attempt
  }

  #planRetry(delivery: Delivery): void {
    const wait = this.settings.retryMs[delivery.attempts.length - 1]
    if (wait === undefined) {
      this.#finish(delivery, "failed")
      return
    }
    delivery.nextAttemptAt = Date.now() + wait
    this.#finish(delivery, "retrying")
    this.#later(wait, () => (delivery.state === "retrying" ? this.#attempt(delivery) : undefined))
  }

  #finish(delivery: Delivery, state: Delivery["state"]): null {
    delivery.state = state
    this.#changed()
    for (const watcher of this.#watchers) watcher()
    return null
  }

  #later(milliseconds: number, run: () => unknown): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, milliseconds)
    this.#timers.add(timer)
  }

  /** Sends one delivery now, whatever its state. If it is refused, a held one is held again. */
  async release(delivery: Delivery): Promise<Attempt | null> {
    const held = delivery.state === "held" || delivery.state === "dropped"
    const attempt = await this.#attempt(delivery)
    if (held && delivery.state !== "delivered") this.#finish(delivery, "held")
    return attempt
  }

  /** Sends an event again to every endpoint it went to, or would go to now, as the dashboard's button does. */
  async resend(event: EventObject, copies: number): Promise<Array<Attempt | null>> {
    const endpoints = this.#ledger.webhookEndpoints.filter(row => row.status === "enabled")
    const batch = endpoints.flatMap(endpoint =>
      Array.from({ length: copies }, () =>
        this.#ledger.deliveries.put({
          id: newId("whd"),
          event: event.id,
          type: event.type,
          endpoint: endpoint.id,
          url: endpoint.url,
          state: "waiting",
          attempts: [],
          nextAttemptAt: null,
        }),
      ),
    )
    return Promise.all(batch.map(delivery => this.#attempt(delivery)))
  }

  /** Whether each endpoint accepted the event at least once within the time. */
  async accepted(event: string, milliseconds: number): Promise<boolean> {
    const done = () => {
      const found = this.#ledger.events.get(event)
      return found !== undefined && withPending(this.#ledger, found).pending_webhooks === 0
    }
    return this.#until(done, milliseconds)
  }

  /** Whether nothing is waiting, on its way or to be tried again, within the time. Held ones do not count. */
  async settled(milliseconds: number): Promise<boolean> {
    return this.#until(
      () => !this.#ledger.deliveries.find(row => ["waiting", "sending", "retrying"].includes(row.state)),
      milliseconds,
    )
  }

  #until(done: () => boolean, milliseconds: number): Promise<boolean> {
    if (done()) return Promise.resolve(true)
    return new Promise(resolve => {
      const end = (answer: boolean) => {
        clearTimeout(timer)
        this.#watchers.delete(watch)
        resolve(answer)
      }
      const watch = () => done() && end(true)
      const timer = setTimeout(() => end(done()), milliseconds)
      this.#timers.add(timer)
      this.#watchers.add(watch)
    })
  }

  /** Takes up what a restart interrupted. */
  resume(): void {
    for (const delivery of this.#ledger.deliveries.all()) {
      if (["waiting", "sending", "retrying"].includes(delivery.state)) {
        delivery.state = "waiting"
        this.#line = this.#line.then(() => this.#attempt(delivery))
      }
    }
  }

  stop(): void {
    this.#stop.abort()
    for (const timer of this.#timers) clearTimeout(timer)
  }
}
