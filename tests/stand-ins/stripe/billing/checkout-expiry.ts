import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { SessionObject } from "../objects"

/** Closes a checkout page that nobody finished. */
export function expireSession(ledger: Ledger, session: SessionObject): SessionObject {
  if (session.status !== "open") {
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    )
  }
  session.status = "expired"
  session.url = null
  ledger.emit("checkout.session.expired", session)
  return session
}
