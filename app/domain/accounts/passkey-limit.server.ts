import { defineClientLimit } from "~/platform/client-limit.server"
import { env } from "~/platform/env.server"

const checks = defineClientLimit({
  name: "passkey-check-client",
  points: () => env().limits.checksPerClient,
  seconds: 15 * 60,
  durable: true,
  penalty: true,
})

/** Counts one answer of a passkey [L16]: nobody can guess one, but each costs a signature. Fails with when to come back. */
export function countPasskeyCheck(clientAddress: string) {
  return checks.consume(clientAddress)
}

/** Gives the try back after a right answer: an office behind one address can sign in all day. */
export function forgivePasskeyCheck(clientAddress: string): Promise<void> {
  return checks.reward(clientAddress)
}
