import { accepts } from "../params"
import { route } from "../router"

export const accountRoutes = [
  route("GET", "/v1/account", accepts({}), ({ ledger }) => ({
    id: "acct_local",
    object: "account",
    business_profile: { name: ledger.settings.appName },
    charges_enabled: true,
    country: "US",
    default_currency: "usd",
    details_submitted: true,
    email: null,
    payouts_enabled: true,
    settings: { dashboard: { display_name: ledger.settings.appName, timezone: "Etc/UTC" } },
    type: "standard",
  })),
]
