/**
 * The mails this installation may send an hour [L16]. What is over waits, and the operator is told. Half of it is kept for
 * people who have an account: strangers who ask for links to made-up addresses cannot use up the mails of those who work here.
 */
import { raiseAlert } from "~/domain/mail/alerts.server"
import { ok, type Result } from "~/lib/result"
import { env } from "~/platform/env.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

const hour = 60 * 60
const everybody = "all"

const allMails = defineLimit({
  name: "mail-budget",
  points: () => env().limits.mailBudgetPerHour,
  seconds: hour,
  durable: true,
})
const mailsToStrangers = defineLimit({
  name: "mail-budget-strangers",
  points: () => Math.ceil(env().limits.mailBudgetPerHour / 2),
  seconds: hour,
  durable: true,
})

/** Takes one mail from the budget. Fails with when there is room again. Mails to operators are always allowed. */
export async function spendMailBudget(mail: {
  template: string
  toStranger: boolean
}): Promise<Result<void, TooMany>> {
  if (mail.template === "operator_notice") return ok()
  const share = mail.toStranger ? await mailsToStrangers.consume(everybody) : ok()
  const spent = share.ok ? await allMails.consume(everybody) : share
  if (!spent.ok) await tellOperator(mail.toStranger)
  return spent
}

async function tellOperator(toStrangers: boolean): Promise<void> {
  const limit = env().limits.mailBudgetPerHour
  const to = toStrangers ? `${Math.ceil(limit / 2)} mails to addresses without an account` : `${limit} mails`
  await raiseAlert("mail-budget", {
    title: "The mail budget of this hour is spent",
    words: `More than ${to} were asked for within an hour. The rest waits until it is over. If this is not a busy day, someone may be flooding the sign-in page.`,
  })
}
