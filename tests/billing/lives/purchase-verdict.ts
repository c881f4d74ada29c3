import type { SessionObject } from "../../stand-ins/stripe/objects"
import type { Seen } from "./seen"
import type { Purchase, Witness } from "./witness"

/** Purchases that are half done, done twice or done for nothing. */
export function purchaseProblems(app: Seen, witness: Witness): string[] {
  const { sessions } = app.ledger
  const checkouts = app.rows<Purchase>("SELECT * FROM Checkout")
  const perCheckout = checkouts.flatMap(checkout => {
    const pages = sessions.filter(row => row.client_reference_id === checkout.id)
    const [page] = pages
    if (pages.length > 1) return [`checkout ${checkout.id} has ${pages.length} pages`]
    const due = page ? statesDue(app, page, checkout) : ["open", "abandoned"]
    if (!due.includes(checkout.state))
      return [`checkout ${checkout.id} is ${checkout.state}; its page is ${page?.status}, so ${due} is due`]
    return checkout.state === "provisioned" ? wholeness(app, checkout) : []
  })
  // Those of erased organisations are gone with them.
  const strangers = sessions.filter(row => !witness.purchases.has(row.client_reference_id ?? ""))
  const empty = app.rows<{ id: string }>(`
    SELECT id FROM Organization o WHERE NOT EXISTS
      (SELECT 1 FROM Checkout WHERE organizationId = o.id AND provisionedAt IS NOT NULL)`)
  return [
    ...perCheckout,
    ...strangers.map(row => `page ${row.id} belongs to no checkout`),
    ...empty.map(row => `organisation ${row.id} was never bought`),
  ]
}

function statesDue(app: Seen, page: SessionObject, { stripeSessionId }: Purchase): string[] {
  if (page.status === "open") return ["open", "abandoned"]
  // A page nobody was led to, because the process died before its answer, may be forgotten.
  if (page.status === "expired") return stripeSessionId ? ["abandoned"] : ["open", "abandoned"]
  if (page.payment_status !== "unpaid") return ["provisioned"]
  const state = debitOf(app, page)
  return state === "came back" ? ["failed", "on_its_way"] : [state]
}

/**
 * How an unpaid purchase stands. That a debit came back is told by its event alone, until Stripe gives the subscription up a day
 * later: so long it may look as if it were on its way.
 */
export function debitOf(app: Seen, page: SessionObject): "failed" | "came back" | "on_its_way" {
  const { subscriptions, invoiceFacts } = app.ledger
  const status = subscriptions.get(page.subscription)?.status ?? ""
  if (["incomplete_expired", "canceled"].includes(status)) return "failed"
  return invoiceFacts.get(page.invoice)?.processing ? "on_its_way" : "came back"
}

/** All that a purchase comes with, and nothing twice. */
function wholeness(app: Seen, { id, organizationId, provisionedAt }: Purchase): string[] {
  const count = (sql: string, value: string | null) => app.rows(sql, value).length
  const wanted = {
    organisation: count("SELECT 1 FROM Organization WHERE id = ?", organizationId),
    owner: count("SELECT 1 FROM Membership WHERE role = 'owner' AND organizationId = ?", organizationId),
    "guided set-up": count("SELECT 1 FROM Onboarding WHERE organizationId = ?", organizationId),
    mail: app.rows(
      `SELECT 1 FROM Mail WHERE template IN ('activation', 'purchase_existing_user') AND dedupeKey = 'purchase:' || ?`,
      id,
    ).length,
  }
  const wrong = Object.entries(wanted).filter(([, found]) => found !== 1)
  return [
    ...wrong.map(([what, found]) => `checkout ${id} is provisioned with ${found} × ${what}`),
    ...(provisionedAt === null ? [`checkout ${id} is provisioned at no time`] : []),
  ]
}
