import { NORMAL_DELIVERY } from "../delivery/mode"
import { NO_TAX, NORMAL_DUNNING } from "../ledger"
import type { Context } from "./context"

const KEPT = [
  "products",
  "prices",
  "webhookEndpoints",
  "webhookSecrets",
  "portalConfigurations",
  "portalProducts",
  "coupons",
  "promotionCodes",
]

/** Forgets everybody and everything that happened; endpoints and catalogue stay. The clock runs again as it is. */
export function forgetLives({ ledger, webhooks, faults, api }: Context): void {
  for (const [name, rows] of Object.entries({ ...ledger.shown(), ...ledger.hidden() })) {
    if (!KEPT.includes(name)) rows.load([])
  }
  ledger.clock.reset()
  ledger.dunning = { ...NORMAL_DUNNING }
  ledger.tax = { ...NO_TAX }
  webhooks.settings = { ...NORMAL_DELIVERY }
  faults.clear()
  api.calls.length = 0
}
