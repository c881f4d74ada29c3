/**
 * Everything an organisation leaves in the database, removed in one transaction. The tables that point to it cascade; what is
 * listed here points to it by an id in a text, or names it: mails and their jobs, links, alerts, counters, what events came to,
 * and where people wanted to go. A test looks for its names in every column of every table afterwards.
 */
import type { Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

const itsInvitations = "SELECT id FROM Invitation WHERE organizationId = @id"
const itsCheckouts = "SELECT id FROM Checkout WHERE organizationId = @id"

/** Mails about it; those about a purchase that made it say so by the purchase only. */
const itsMails = `SELECT id FROM Mail WHERE organizationId = @id OR instr(dedupeKey, @id) OR
  (dedupeKey LIKE 'payment-on-its-way:%' AND substr(dedupeKey, 20, 32) IN (${itsCheckouts}))`

/** In this order: each needs what the later ones remove. */
const removals = [
  `DELETE FROM Job WHERE json_extract(payload, '$.organizationId') = @id
     OR json_extract(payload, '$.mailId') IN (${itsMails})
     OR json_extract(payload, '$.checkoutId') IN (${itsCheckouts})`,
  `DELETE FROM Mail WHERE id IN (${itsMails})`,
  `DELETE FROM Link WHERE organizationId = @id OR invitationId IN (${itsInvitations})`,
  "DELETE FROM AuditEntry WHERE organizationId = @id",
  "UPDATE Session SET organizationId = NULL WHERE organizationId = @id",
  "DELETE FROM Setting WHERE instr(key, @id)",
  // What Stripe told stays in the ledger, and no longer says of whom.
  "UPDATE StripeEvent SET organizationId = NULL, stripeCustomerId = NULL WHERE organizationId = @id",
  `DELETE FROM DriftFinding WHERE organizationId = @id OR stripeSubscriptionId IN (
     SELECT stripeSubscriptionId FROM Subscription WHERE organizationId = @id)`,
  // Purchases begun for it before it existed, and given up.
  `DELETE FROM Checkout WHERE organizationId IS NULL AND provisionedAt IS NULL AND EXISTS (
     SELECT 1 FROM Checkout mine WHERE mine.organizationId = @id
     AND mine.email = Checkout.email AND mine.businessName = Checkout.businessName)`,
  "DELETE FROM Checkout WHERE organizationId = @id",
  "DELETE FROM Organization WHERE id = @id",
].map(sql => joiningStatement<[{ id: string }]>(sql))

const forgetEffect = joiningStatement<[{ effect: string }]>(
  "UPDATE StripeEvent SET effect = 'provisioned' WHERE effect = @effect",
)
/** Removes an organisation with everything of it. People stay, and so do their other organisations. */
export async function eraseEverythingOf(tx: Tx, { id, slug }: { id: string; slug: string }): Promise<void> {
  const former = await tx.slugRedirect.findMany({ where: { organizationId: id } })
  for (const address of [slug, ...former.map(row => row.slug)]) {
    await forgetEffect.run(tx, { effect: `provisioned ${address}` })
    await forgetDestinations(tx, address)
  }
  for (const removal of removals) await removal.run(tx, { id })
}

const wishes = {
  link: joiningStatement<[{ slug: string }], { id: string; wish: string }>(
    "SELECT id, redirectTo AS wish FROM Link WHERE instr(redirectTo, @slug)",
  ),
  mail: joiningStatement<[{ slug: string }], { id: string; wish: string }>(
    "SELECT id, json_extract(parameters, '$.link.redirectTo') AS wish FROM Mail WHERE instr(parameters, @slug) AND wish IS NOT NULL",
  ),
  job: joiningStatement<[{ slug: string }], { id: string; wish: string }>(
    "SELECT id, json_extract(payload, '$.redirectTo') AS wish FROM Job WHERE instr(payload, @slug) AND wish IS NOT NULL",
  ),
}

const forgetWish = {
  link: joiningStatement<[{ id: string }]>("UPDATE Link SET redirectTo = NULL WHERE id = @id"),
  mail: joiningStatement<[{ id: string }]>(
    "UPDATE Mail SET parameters = json_remove(parameters, '$.link.redirectTo') WHERE id = @id",
  ),
  job: joiningStatement<[{ id: string }]>(
    "UPDATE Job SET payload = json_remove(payload, '$.redirectTo') WHERE id = @id",
  ),
}

/** Links to sign in with may lead into it; they work, and lead to the person's start page. */
async function forgetDestinations(tx: Tx, slug: string): Promise<void> {
  const leadsThere = new RegExp(`(/o/|%2Fo%2F|[?&]org=)${slug}([/?&#.%]|$)`, "i")
  for (const kind of ["link", "mail", "job"] as const) {
    for (const { id, wish } of await wishes[kind].all(tx, { slug })) {
      if (leadsThere.test(wish)) await forgetWish[kind].run(tx, { id })
    }
  }
}
