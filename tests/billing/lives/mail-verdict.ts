import { z } from "zod"
import { messages } from "~/domain/mail/messages.server"
import type { Life } from "../../stand-ins/stripe/lives/life"
import { debitOf } from "./purchase-verdict"
import type { Seen } from "./seen"
import type { Known } from "./verdict"

const DAY = 24 * 60 * 60

type Mail = { template: string; recipient: string; dedupeKey: string | null; parameters: string }

/** Mails that are missing, came twice or for nothing [B14]. One owner reads for each organisation. */
export function mailProblems(app: Seen, life: Life, known: Known[]): string[] {
  const mails = app.rows<Mail>(
    "SELECT template, recipient, dedupeKey, parameters FROM Mail ORDER BY createdAt",
  )
  return [
    ...twice(mails),
    ...known.flatMap(one => plansTold(app, life, one, mails)),
    ...receiptsTold(app, life, known, mails),
    ...debitsTold(app, mails),
  ]
}

/** Two purchases or plans may be told of in the same words. */
const toldOfEach = ["activation", "purchase_existing_user", "plan_ended", "payment_on_its_way"]

/** The same words to the same person: whatever the keys say, that is a mail that came twice. */
function twice(mails: Mail[]): string[] {
  const seen = new Set<string>()
  return mails.flatMap(({ template, recipient, parameters, dedupeKey }) => {
    const mail = `${template} to ${recipient} ${parameters} ${toldOfEach.includes(template) ? dedupeKey : ""}`
    if (!seen.has(mail)) {
      seen.add(mail)
      return []
    }
    return [`twice: ${mail}`]
  })
}

function plansTold(app: Seen, life: Life, { truth }: Known, mails: Mail[]): string[] {
  const id = truth.subscription
  const about = (template: string) =>
    mails.filter(mail => mail.template === template && mail.dedupeKey?.includes(`:${id}`)).length
  const between = (template: string, least: number, most: number) => {
    const found = about(template)
    if (!(template in messages) || (found >= least && found <= most)) return []
    return [`${id} (${truth.status}): ${found} × ${template}, due are ${least} to ${most}`]
  }
  const past = statesOf(app, id)
  const now = life.clock() / 1_000
  const ended = truth.status === "canceled"
  const owing = ["past_due", "unpaid"].includes(truth.status)
  const runs = past.filter((row, at) => isOwing(row.status) && !isOwing(past[at - 1]?.status)).length
  const trialEndsSoon =
    truth.status === "trialing" &&
    truth.cancelAt === null &&
    !truth.cancelAtPeriodEnd &&
    truth.trialEnd !== null &&
    truth.trialEnd > now &&
    truth.trialEnd - now < 3 * DAY
  const endings = new Set(past.filter(row => row.ending !== null).map(row => row.ending)).size
  return [
    ...between("plan_ended", ended ? 1 : 0, ended ? 1 : 0),
    ...between("plan_ending", isSetToEnd(truth) ? 1 : 0, endings),
    ...between("trial_ending", trialEndsSoon ? 1 : 0, truth.trialEnd === null ? 0 : past.length),
    ...between("payment_failed", owing && runs === 1 && past.at(-1)?.status !== "unpaid" ? 1 : 0, 3 * runs),
  ]
}

const isOwing = (status: string | undefined) => ["past_due", "unpaid"].includes(status ?? "")

function isSetToEnd({ status, cancelAt, cancelAtPeriodEnd, endedAt }: Known["truth"]): boolean {
  const goesOn = ["trialing", "active", "past_due"].includes(status)
  return goesOn && endedAt === null && (cancelAt !== null || cancelAtPeriodEnd)
}

const subscriptionState = z.object({
  status: z.string(),
  cancel_at: z.number().nullable(),
  cancel_at_period_end: z.boolean(),
})

/** All states a subscription was in, as its events show them. */
function statesOf(app: Seen, id: string): { status: string; ending: number | null; at: number }[] {
  const { ledger } = app
  return ledger.events.all().flatMap(({ created, data: { object } }) => {
    if (object.object !== "subscription" || object.id !== id) return []
    const { status, cancel_at, cancel_at_period_end } = subscriptionState.parse(object)
    return [{ status, ending: cancel_at ?? (cancel_at_period_end ? created : null), at: created }]
  })
}

function receiptsTold(app: Seen, life: Life, known: Known[], mails: Mail[]): string[] {
  if (!("receipt" in messages)) return []
  const { invoices } = app.ledger
  const bought = new Set(known.map(({ truth }) => truth.subscription))
  return invoices.all().flatMap(invoice => {
    const paidFor = invoice.parent?.subscription_details?.subscription
    if (typeof paidFor !== "string" || !bought.has(paidFor)) return []
    const sent = mails.filter(
      mail => mail.template === "receipt" && mail.dedupeKey?.includes(invoice.id),
    ).length
    const isDue =
      invoice.status === "paid" && invoice.amount_paid > 0 && invoice.billing_reason !== "subscription_create"
    // Older ones may have been told when they were news.
    const isNews = life.clock() / 1_000 - invoice.created < 119 * DAY
    const [least, most] = [isDue && isNews ? 1 : 0, isDue ? 1 : 0]
    return sent >= least && sent <= most
      ? []
      : [
          `invoice ${invoice.id} of ${paidFor}, ${new Date(invoice.created * 1_000).toISOString()} (${invoice.status}, ${invoice.billing_reason}): ${sent} receipts, due is ${least}`,
        ]
  })
}

function debitsTold(app: Seen, mails: Mail[]): string[] {
  return app.ledger.sessions
    .filter(row => row.status === "complete" && row.payment_status === "unpaid")
    .flatMap(row => {
      const sent = (template: string) =>
        mails.filter(
          mail => mail.template === template && mail.dedupeKey?.includes(String(row.client_reference_id)),
        ).length
      const state = debitOf(app, row)
      const [onItsWay, failed] = [sent("payment_on_its_way"), sent("payment_failed")]
      const right =
        onItsWay <= 1 && failed <= 1 && (state === "failed" ? failed === 1 : onItsWay + failed > 0)
      return right
        ? []
        : [`page ${row.id}, debit ${state}: told ${onItsWay} × on its way, ${failed} × failed`]
    })
}
