import { ok, type Result } from "~/lib/result"
import { clientKey, networkKey } from "~/platform/client-key.server"
import { defineLimit, type LimitOptions, type TooMany } from "~/platform/rate-limit.server"

export type ClientLimit = {
  /** Counts one attempt of the client at this address. */
  consume(address: string): Promise<Result<void, TooMany>>
  /** Gives one point back, for an attempt that turned out not to count. */
  reward(address: string): Promise<void>
}

/** How many clients of one IPv6 /48 may use up their points before the whole network waits. */
const clientsPerNetwork = 16

/**
 * A limit per client address. Whoever owns an IPv6 /48 owns 65,536 clients, enough to fill every bucket of a limit; so the
 * network is counted first, and once it has spent its share none of its addresses touches another bucket.
 */
export function defineClientLimit(options: LimitOptions): ClientLimit {
  const own = defineLimit(options)
  const network = defineLimit({
    ...options,
    name: `${options.name}/network`,
    points: () => options.points() * clientsPerNetwork,
  })
  return {
    consume: async address => {
      const wide = networkKey(address)
      const shared = wide ? await network.consume(wide) : ok()
      return shared.ok ? own.consume(clientKey(address)) : shared
    },
    reward: async address => {
      const wide = networkKey(address)
      if (wide) await network.reward(wide)
      await own.reward(clientKey(address))
    },
  }
}
