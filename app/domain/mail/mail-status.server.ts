import { isMessageName, type MessageName } from "~/domain/mail/messages.server"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

export type MailStatus = {
  setUp: boolean
  from?: string
  queued: number
  failedLately: number
  latest: MailLogRow[]
}
/** `name` says in words what mail it is. */
export type MailLogRow = {
  id: string
  name: string
  recipient: string
  state: string
  answer: string | null
  createdAt: Date
}

const names: Record<MessageName, string> = {
  sign_in: "Sign-in link",
  no_account: "No account here",
  new_device: "Sign-in from a new device",
  security_notice: "Security setting changed",
  password_reset: "Link for a new password",
  proof_code: "Code to confirm who it is",
  email_change: "New address to be confirmed",
  email_taken: "New address has an account",
  email_changed: "Address changed",
  email_change_undone: "Change of address undone",
  account_deleted: "Account deleted",
  account_disabled: "Account shut",
  account_enabled: "Account open again",
  operator_notice: "Notice to operators",
  test_mail: "Test mail",
  invitation: "Invitation",
  invitation_ask_again: "Invitation asked for again",
  seats_full: "All seats taken",
  role_changed: "Role changed",
  member_removed: "Member removed",
  member_left: "Owner or admin left",
  owner_joined: "New owner",
  owner_gone: "Owner removed or demoted",
  ownership_offered: "Ownership offered",
  ownership_accepted: "Ownership accepted",
  ownership_declined: "Ownership declined",
  ownership_taken_back: "Ownership offer taken back",
  organization_archived: "Organisation archived",
  organization_restored: "Organisation restored",
  closing_asked: "Closing asked for",
  organization_closed: "Organisation closed",
  organization_reopened: "Closed organisation restored",
  organization_erased_soon: "Organisation erased soon",
  organization_erased: "Organisation erased",
  activation: "Activation after a purchase",
  purchase_existing_user: "Purchase by a known person",
  payment_on_its_way: "Payment on its way",
  payment_failed: "Payment failed",
  paid_twice: "Two plans at once",
  trial_ending: "Trial ending",
  plan_ending: "Plan set to end",
  plan_kept: "Plan goes on",
  plan_ended: "Plan ended",
  receipt: "Receipt",
  billing_address_given: "Billing address given",
  billing_address_withdrawn: "Billing address withdrawn",
  billing_address_added: "Billing address added",
  welcome: "Welcome",
}

const day = 24 * 60 * 60 * 1000

/** How mail is doing, for the operator: set up or not, what waits, what failed in the last day, the latest ten. */
export async function mailStatus(): Promise<MailStatus> {
  const [queued, failedLately, latest] = await Promise.all([
    db().mail.count({ where: { state: "queued" } }),
    db().mail.count({ where: { state: "failed", createdAt: { gt: fromNow(-day) } } }),
    db().mail.findMany({
      orderBy: { createdAt: "desc" },
      take: 10,
      select: { id: true, template: true, recipient: true, state: true, answer: true, createdAt: true },
    }),
  ])
  const named = latest.map(({ template, ...row }) => ({
    ...row,
    name: isMessageName(template) ? names[template] : template,
  }))
  return { setUp: env().smtp !== undefined, from: env().smtp?.from, queued, failedLately, latest: named }
}
