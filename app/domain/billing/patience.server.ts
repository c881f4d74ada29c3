import type { Patience } from "~/domain/billing/access"
import { env } from "~/platform/env.server"

/** How long this installation waits for a payment, as set. */
export function patience(): Patience {
  return env().billing
}
