import { defineClientLimit } from "~/platform/client-limit.server"
import { env } from "~/platform/env.server"

const begun = defineClientLimit({
  name: "sso-client",
  points: () => env().limits.providersPerClient,
  seconds: 15 * 60,
  durable: true,
  penalty: true,
})

/** Counts one way to a provider that is begun [L16]. Fails with when to come back. */
export function countSso(clientAddress: string) {
  return begun.consume(clientAddress)
}

/** Gives it back to whoever came in, so that an office behind one address can sign in all day. */
export function forgiveSso(clientAddress: string): Promise<void> {
  return begun.reward(clientAddress)
}
