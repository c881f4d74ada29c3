import { failure } from "~/http/failures.server"
import { env } from "~/platform/env.server"

/** Ends the request where this installation has no passwords: their pages do not exist. */
export function requirePasswords(): void {
  if (env().passwords === "off") throw failure("not_found")
}

/** Ends the request when too many people wait for their password to be looked at. */
export function tooBusy() {
  return failure("busy", { retryAfterSeconds: 5 })
}
