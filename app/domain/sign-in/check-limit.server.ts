import { env } from "~/platform/env.server"
import { clientKey, defineLimit } from "~/platform/rate-limit.server"

const checks = defineLimit({
  name: "link-check-client",
  points: () => env().limits.checksPerClient,
  seconds: 15 * 60,
  durable: true,
  penalty: true,
})

/** Counts one try at a link or code [L16]. Fails with when to come back. */
export function countCheck(clientAddress: string) {
  return checks.consume(clientKey(clientAddress))
}

/** Gives the try back after a right one, so that an office behind one address is not locked out by signing in. */
export function forgiveCheck(clientAddress: string) {
  return checks.reward(clientKey(clientAddress))
}
