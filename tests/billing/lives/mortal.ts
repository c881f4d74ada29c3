import { AsyncLocalStorage } from "node:async_hooks"
import { Agent } from "node:http"
import Stripe from "stripe"

/*
 * A process that can be killed without ending the tests. Whatever the app does to the world passes one of these gates: before
 * a call of Stripe's and after its answer, before a transaction, before its commit and after it, before every other write, and
 * at the crash points the domain names. At the step it is told to die at, the gate throws, and every gate from then on, so that
 * nothing of that process happens any more. A test file puts the three modules at the end of this file in the place of the real ones, by `vi.mock`.
 */

export class Killed extends Error {
  override name = "Killed"
}

type Life = { stepsLeft: number; dead: boolean; diedAt: string }

const newLife = (): Life => ({ stepsLeft: Number.POSITIVE_INFINITY, dead: false, diedAt: "" })
const scope = new AsyncLocalStorage<Life>()
let current = newLife()

function gate(name: string): void {
  const life = scope.getStore() ?? current
  if (life.dead) throw new Killed(`The process is dead since ${life.diedAt}.`)
  if (life.stepsLeft > 0) {
    life.stepsLeft -= 1
    return
  }
  life.dead = true
  life.diedAt = name
  throw new Killed(name)
}

/** The process under test. */
export const mortal = {
  /** Another process begins. What is left of the one before does nothing any more. */
  begin: (): void => {
    current.dead = true
    current = newLife()
  },
  /** Runs something as this process. */
  live: <T>(work: () => Promise<T>): Promise<T> => scope.run(current, work),
  dieIn: (steps: number): void => {
    current.stepsLeft = steps
  },
  /** Nothing kills it any more. */
  spare: (): void => {
    current.stepsLeft = Number.POSITIVE_INFINITY
  },
  isDead: (): boolean => current.dead,
  /** The step it died at, in words. */
  diedAt: (): string => current.diedAt,
}

/** The SDK's own way to speak HTTP, between two gates. */
class MortalClient extends Stripe.HttpClient {
  readonly #http = Stripe.createNodeHttpClient(new Agent({ keepAlive: true }))

  override getClientName(): string {
    return this.#http.getClientName()
  }

  override async makeRequest(...call: Parameters<Stripe.HttpClient["makeRequest"]>) {
    const [, , address, method] = call
    const about = `${method} ${address.split("?")[0]}`
    gate(about)
    const answer = await this.#http.makeRequest(...call).catch(error => {
      // Without the code of a closed connection, after which the SDK always tries again, half a second later.
      throw error instanceof Error ? new Error(error.message) : error
    })
    gate(`the answer to ${about}`)
    return answer
  }
}

let client: Stripe | undefined

/** The Stripe account the app speaks to from now on. It never tries twice by itself, so that no test waits. */
export function speakTo(url: string, secretKey: string): void {
  const { hostname, port } = new URL(url)
  client = new Stripe(secretKey, {
    httpClient: new MortalClient(),
    maxNetworkRetries: 0,
    telemetry: false,
    host: hostname,
    port,
    protocol: "http",
  })
}

type StripeModule = typeof import("~/platform/stripe.server")
type DatabaseModule = typeof import("~/platform/db.server")

export function mortalStripe(real: StripeModule): StripeModule {
  return {
    ...real,
    whileSomeoneWaits: { ...real.whileSomeoneWaits, maxNetworkRetries: 0 },
    stripe: () => {
      if (!client) throw new Error("No Stripe account was opened.")
      return client
    },
  }
}

export function mortalDatabase(real: DatabaseModule): DatabaseModule {
  return {
    ...real,
    transaction: async work => {
      gate("the beginning of a transaction")
      const answer = await real.transaction(async tx => {
        const came = await work(tx)
        gate("the commit of a transaction")
        return came
      })
      gate("the end of a transaction")
      return answer
    },
    db: () => {
      gate("a statement")
      return real.db()
    },
  }
}

export const mortalFailpoint = { failpoint: gate }
