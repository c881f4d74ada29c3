import { messages } from "~/domain/mail/messages.server"
import type { Life } from "../../stand-ins/stripe/lives/life"
import type { History } from "./history"
import { graceDays, readOnlyDays, runsOf } from "./oracle"
import { debitOf } from "./purchase-verdict"
import type { Seen } from "./seen"
import type { Known } from "./verdict"
import type { Witness } from "./witness"

const DAY = 24 * 60 * 60

type Mail = { template: string; recipient: string; dedupeKey: string | null; parameters: string }

/** Mails that are missing, came twice or for nothing [B14]. One owner reads for each organisation. */
export function mailProblems(app: Seen, life: Life, known: Known[], witness: Witness): string[] {
  const mails = mailsOf(app)
  return [
    ...twice(app),
    ...known.flatMap(one => plansTold(life, one, mails, witness)),
    ...receiptsTold(app, life, known, mails),
    ...debitsTold(app, mails, witness),
    ...actsTold(app),
  ]
}

function mailsOf(app: Seen): Mail[] {
  return app.rows<Mail>("SELECT template, recipient, dedupeKey, parameters FROM Mail ORDER BY createdAt")
}

/** Two purchases or plans may be told of in the same words, and an end that is set, taken back and set again. */
const toldOfEach = [
  "activation",
  "purchase_existing_user",
  "plan_ending",
  "plan_kept",
  "plan_ended",
  "payment_on_its_way",
]

/** These have no key: each belongs to an act that may be repeated, and its line in the audit log. */
const toldOfActs = {
  organization_archived: "organization.archived",
  organization_restored: "organization.restored",
  organization_closed: "organization.closed",
  organization_reopened: "organization.reopened",
}

function actsTold(app: Seen): string[] {
  const organizations = app.rows<{ id: string }>("SELECT id FROM Organization")
  return organizations.flatMap(({ id }) =>
    Object.entries(toldOfActs).flatMap(([template, act]) => {
      const told = app.rows(
        "SELECT 1 FROM Mail WHERE organizationId = ? AND template = ?",
        id,
        template,
      ).length
      const done = app.rows("SELECT 1 FROM AuditEntry WHERE organizationId = ? AND act = ?", id, act).length
      return told === done ? [] : [`${id}: ${told} × ${template} for ${done} × ${act}`]
    }),
  )
}

/** The same words to the same person: whatever the keys say, that is a mail that came twice. */
export function twice(app: Seen): string[] {
  const seen = new Set<string>()
  return mailsOf(app).flatMap(({ template, recipient, parameters, dedupeKey }) => {
    if (Object.hasOwn(toldOfActs, template)) return []
    // The notices of a failed payment say the same on different days.
    const [day = ""] = /:day-\d+:/.exec(dedupeKey ?? "") ?? []
    const mail = `${template} to ${recipient} ${parameters} ${toldOfEach.includes(template) ? dedupeKey : day}`
    if (!seen.has(mail)) {
      seen.add(mail)
      return []
    }
    return [`twice: ${mail}`]
  })
}

/** Days after a failed payment on which it is told, as docs/billing.md has it. */
const noticeDays = [0, 3, graceDays - 1]

function plansTold(
  life: Life,
  { truth, organizationId }: Known,
  mails: Mail[],
  { history, closings }: Witness,
): string[] {
  const id = truth.subscription
  const about = (template: string) =>
    mails.filter(mail => mail.template === template && mail.dedupeKey?.includes(`:${id}`)).length
  // What is being closed is not spoken of, and closing may begin and be taken back at any time.
  const silent = closings.has(organizationId)
  const between = (template: string, least: number, most: number) => {
    const found = about(template)
    if (!(template in messages) || (found >= (silent ? 0 : least) && found <= most)) return []
    return [`${id} (${truth.status}): ${found} × ${template}, due are ${silent ? 0 : least} to ${most}`]
  }
  const past = history.statesOf(id)
  const ended = truth.status === "canceled" ? 1 : 0
  const endings = past.filter(
    (state, at) => state.cancelAt && state.cancelAt !== past[at - 1]?.cancelAt,
  ).length
  const keepings = past.filter((state, at) => !state.cancelAt && past[at - 1]?.cancelAt).length
  const [leastFailed, mostFailed] = failuresDue(id, history, life.clock() / 1_000)
  return [
    ...between("plan_ended", ended, ended),
    ...between("plan_ending", isSetToEnd(truth) ? 1 : 0, endings),
    ...between("plan_kept", 0, keepings),
    ...between("trial_ending", ...trialDue(id, history)),
    ...between("payment_failed", leastFailed, mostFailed),
  ]
}

/**
 * How often a failed payment was to be told, at the least and at the most. A notice was certainly due when the app listened on a
 * day that was one of its days, whichever moment it counts from.
 */
function failuresDue(id: string, history: History, now: number): [number, number] {
  const states = history.statesOf(id)
  let [least, most] = [0, 0]
  for (const run of runsOf(id, history)) {
    const first = run.states[0]?.number ?? 0
    const end = states.find(state => state.number === run.until)?.at ?? now
    const anew = run.counts > first ? 2 : 1
    most += anew * noticeDays.filter(day => day * DAY <= end - run.earliest).length
    const listened = history.heard.filter(one => one.number >= run.counts && one.number < run.until)
    const latest = listened[0]?.at
    if (latest === undefined || anew > 1 || run.follows) continue
    least += noticeDays.filter((day, at) =>
      listened.some(one => {
        const status = run.states.filter(state => state.number <= one.number).at(-1)?.status ?? ""
        const until = noticeDays[at + 1] ?? readOnlyDays
        const inTime = one.at - latest >= day * DAY && one.at - run.earliest < until * DAY
        return one.told && inTime && ["past_due", "unpaid"].includes(status)
      }),
    ).length
  }
  return [least, most]
}

/** The end of a trial is told when the app listened within three days before it, and it was not set to end there. */
function trialDue(id: string, history: History): [number, number] {
  const states = history.statesOf(id)
  const trials = new Set(states.flatMap(({ status, trialEnd }) => (status === "trialing" ? [trialEnd] : [])))
  const due = history.heard.some(one => {
    const state = states.filter(({ number }) => number <= one.number).at(-1)
    if (!one.told || state?.status !== "trialing" || state.trialEnd === null || state.cancelAt !== null)
      return false
    return state.trialEnd > one.at && state.trialEnd - one.at <= 3 * DAY
  })
  return [due ? 1 : 0, trials.size]
}

function isSetToEnd({ status, cancelAt, cancelAtPeriodEnd, endedAt }: Known["truth"]): boolean {
  const goesOn = ["trialing", "active", "past_due"].includes(status)
  return goesOn && endedAt === null && (cancelAt !== null || cancelAtPeriodEnd)
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

function debitsTold(app: Seen, mails: Mail[], witness: Witness): string[] {
  return (
    app.ledger.sessions
      .filter(row => row.status === "complete" && row.payment_status === "unpaid")
      // Closing an organisation ends what is still on its way, and erasing it takes its mails along.
      .filter(row => {
        const id = witness.purchases.get(row.client_reference_id ?? "")?.organizationId
        return !id || !witness.closings.has(id)
      })
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
  )
}
