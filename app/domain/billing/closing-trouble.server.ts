import { beingClosed } from "~/domain/billing/closing.server"
import type { Waiting } from "~/domain/billing/patient-job.server"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { type Client, db } from "~/platform/db.server"

const words: Record<Waiting, string> = {
  unreachable: "The payment provider does not answer.",
  busy: "The payment provider is busy.",
  failed: "The payment provider has a fault.",
  refused: "The payment provider refused to end the plan. The people who run this site have been told.",
  not_set_up: "The payment provider cannot be asked from here. The people who run this site have been told.",
}

/** What only an operator can put right. */
const advice: Partial<Record<Waiting, string>> = {
  refused:
    "Stripe refuses to end what it pays for. The log has the reason. Put it right at Stripe; it is tried again every hour.",
  not_set_up:
    "It has a customer at Stripe, and Stripe is not set up here. Set STRIPE_SECRET_KEY; it is tried again every hour.",
}

/** Writes down why an organisation that is to be closed or erased waits: its owners read it, and the operator if it takes one. */
export async function sayWhyItWaits(organizationId: string, waiting: Waiting): Promise<void> {
  const where = { id: organizationId, ...beingClosed }
  const noted = await db().organization.updateMany({ where, data: { closeTrouble: words[waiting] } })
  if (noted.count === 0 || !advice[waiting]) return
  const organization = await db().organization.findUnique({ where })
  if (!organization) return
  const title = `${organization.name} cannot be ${organization.closedAt ? "erased" : "closed"}`
  await raiseAlert(alertOf(organizationId), { title, words: advice[waiting] })
}

/** Takes the operator's alert down. Joins `client`'s transaction. */
export async function forgetTrouble(organizationId: string, client: Client = db()): Promise<void> {
  await clearAlert(alertOf(organizationId), client)
}

const alertOf = (organizationId: string) => `cannot-close:${organizationId}`
