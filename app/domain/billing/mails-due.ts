/**
 * What the payers of a plan are told as time passes [B14]: the mail column of the table in `access.ts`, as pure as that. It says
 * what is due at a moment, not what is new: who sends it keeps from sending it twice by `about`.
 *
 *   past_due, unpaid   payment failed: on day 0, on day 3 and on the day before the grace ends. After a pause of ours only the
 *                      latest of these is due, and none any more once the table says archived
 *   trialing           trial ending: within three days of its end, unless it is set to end there
 *   anything else      nothing; what happened once (set to end, ended, paid) is told when it is written
 */
import { daysAfter, daysSince, type Patience } from "~/domain/billing/access"

export type MailFacts = {
  status: string
  pastDueSince: Date | null
  trialEnd: Date | null
  cancelAt: Date | null
}

export type MailDue =
  /** `until`: when the grace ends; null when it is over. */
  | { mail: "payment_failed"; about: string; until: Date | null }
  | { mail: "trial_ending"; about: string; trialEnd: Date }

/** As Stripe's own notice: https://docs.stripe.com/billing/subscriptions/trials#trial-ending */
const trialNoticeDays = 3

/** The mail that is due at this moment; undefined when none is. */
export function mailDue(facts: MailFacts, at: Date, patience: Patience): MailDue | undefined {
  switch (facts.status) {
    case "past_due":
      return paymentFailed(facts, at, { ...patience, grace: patience.graceDays })
    case "unpaid":
      return paymentFailed(facts, at, { ...patience, grace: 0 })
    case "trialing":
      return trialEnding(facts, at)
    default:
      return undefined
  }
}

/** The days of a grace on which a failed payment is told. */
export function noticeDays(graceDays: number): number[] {
  return [...new Set([0, 3, graceDays - 1])]
    .filter(day => day === 0 || (day > 0 && day < graceDays))
    .sort((a, b) => a - b)
}

function paymentFailed(
  { pastDueSince: since }: MailFacts,
  at: Date,
  { graceDays, readOnlyDays, grace }: Patience & { grace: number },
): MailDue | undefined {
  if (!since) return undefined
  const age = daysSince(since, at)
  if (age >= grace + readOnlyDays) return undefined
  const day = noticeDays(graceDays)
    .filter(notice => notice <= age)
    .at(-1)
  if (day === undefined) return undefined
  const until = age < grace ? daysAfter(since, grace) : null
  return { mail: "payment_failed", about: `${since.toISOString()}:day-${day}`, until }
}

function trialEnding({ trialEnd, cancelAt }: MailFacts, at: Date): MailDue | undefined {
  if (!trialEnd || trialEnd <= at || trialEnd > daysAfter(at, trialNoticeDays)) return undefined
  if (cancelAt && cancelAt <= trialEnd) return undefined
  return { mail: "trial_ending", about: trialEnd.toISOString(), trialEnd }
}
