/**
 * The mails this installation may send an hour [L16]. What is over waits, and the operator is told. A quarter of it is kept for
 * ways in: whatever members make their organisations mail, and whatever strangers ask for, people can sign in. Addresses
 * somebody typed get half at most, and so many that one organisation cannot use up what all have: a tenth each.
 */
import { raiseAlert } from "~/domain/mail/alerts.server"
import type { MailShare } from "~/domain/mail/shares.server"
import { ok, type Result } from "~/lib/result"
import { env } from "~/platform/env.server"
import { consumeAll, defineLimit, type Limit, type TooMany } from "~/platform/rate-limit.server"

const everybody = "all"

function defineShare(name: string, part: number): { limit: Limit; size: () => number } {
  const size = () => Math.ceil(env().limits.mailBudgetPerHour * part)
  return { limit: defineLimit({ name, points: size, seconds: 60 * 60, durable: true }), size }
}

const all = defineShare("mail-budget", 1)
const notEntry = defineShare("mail-budget-not-entry", 3 / 4)
const toStrangers = defineShare("mail-budget-strangers", 1 / 2)
const perOrganization = defineShare("mail-budget-organization", 1 / 10)

export type BudgetedMail = { share: MailShare; organizationId: string | null }

/** Takes one mail from the budget. Fails, taking nothing, with when there is room again. Operators are always told. */
export async function spendMailBudget({
  share,
  organizationId,
}: BudgetedMail): Promise<Result<void, TooMany>> {
  if (share === "operators") return ok()
  const ofMembers = organizationId !== null && (share === "organization" || share === "strangers")
  const spent = await consumeAll([
    ...(ofMembers ? [[perOrganization.limit, organizationId] as const] : []),
    ...(share === "strangers" ? [[toStrangers.limit, everybody] as const] : []),
    ...(share === "entry" ? [] : [[notEntry.limit, everybody] as const]),
    [all.limit, everybody],
  ])
  if (!spent.ok) await tellOperator(share)
  return spent
}

async function tellOperator(share: Exclude<MailShare, "operators">): Promise<void> {
  await raiseAlert("mail-budget", {
    title: "The mail budget of this hour is spent",
    words: `${waiting[share]()} If this is not a busy day, someone may be flooding the sign-in page, or the people of their organisation.`,
  })
}

const waiting: Record<Exclude<MailShare, "operators">, () => string> = {
  entry: () =>
    `More than ${all.size()} mails were asked for within an hour. The rest waits until it is over.`,
  strangers: () =>
    `Mail to addresses without an account waits: they get ${toStrangers.size()} mails an hour, and each organisation ${perOrganization.size()}.`,
  organization: () =>
    `Mail of an organisation waits: each gets ${perOrganization.size()} mails an hour, and a quarter of all is kept for sign-in links.`,
  payments: () => "Mail about plans waits: a quarter of all mails is kept for sign-in links.",
}
