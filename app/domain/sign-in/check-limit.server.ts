import { defineClientLimit } from "~/platform/client-limit.server"
import { env } from "~/platform/env.server"

const checks = defineClientLimit({
  name: "link-check-client",
  points: () => env().limits.checksPerClient,
  seconds: 15 * 60,
  durable: true,
  penalty: true,
})

/** Counts one try at a link or code [L16]. Fails with when to come back. */
export function countCheck(clientAddress: string) {
  return checks.consume(clientAddress)
}

/** Gives the try back after a right one, so that an office behind one address is not locked out by signing in. */
export function forgiveCheck(clientAddress: string) {
  return checks.reward(clientAddress)
}
