import type { ApiServer } from "../api-server"
import type { Webhooks } from "../delivery/webhooks"
import type { Faults } from "../faults"
import type { Ledger } from "../ledger"

/** All there is of a running local Stripe. */
export interface Context {
  ledger: Ledger
  webhooks: Webhooks
  faults: Faults
  api: ApiServer
  /** Keeps what happened, before anybody is told that it did. */
  commit: () => void
}
