import { forgiveLinkRequest } from "~/domain/sign-in/link-limits.server"
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

/** Gives the try back after a right one. */
export function forgiveCheck(clientAddress: string): Promise<void> {
  return checks.reward(clientAddress)
}

/** The same, and the request that the link or code came from: an office behind one address can sign in all day. */
export async function forgiveRequestedLink(clientAddress: string): Promise<void> {
  await forgiveCheck(clientAddress)
  await forgiveLinkRequest(clientAddress)
}
