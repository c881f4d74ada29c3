import type { MessageName } from "~/domain/mail/messages.server"

/**
 * Which part of the hour's mail budget a mail draws on. `operators`: none, they are always told. `entry`: ways in, for people
 * who have an account or have paid. `strangers`: to addresses somebody typed. `organization`: what members cause by working
 * with each other. `payments`: what follows from a plan.
 */
export type MailShare = "operators" | "entry" | "strangers" | "organization" | "payments"

const shares: Record<MessageName, MailShare> = {
  operator_notice: "operators",
  test_mail: "operators",
  sign_in: "entry",
  new_device: "entry",
  security_notice: "entry",
  password_reset: "entry",
  proof_code: "entry",
  email_changed: "entry",
  email_change_undone: "entry",
  email_change: "strangers",
  email_taken: "strangers",
  account_deleted: "entry",
  account_disabled: "entry",
  account_enabled: "entry",
  activation: "entry",
  purchase_existing_user: "entry",
  no_account: "strangers",
  invitation: "strangers",
  billing_address_given: "strangers",
  billing_address_withdrawn: "strangers",
  invitation_ask_again: "organization",
  seats_full: "organization",
  role_changed: "organization",
  member_removed: "organization",
  member_left: "organization",
  owner_joined: "organization",
  owner_gone: "organization",
  ownership_offered: "organization",
  ownership_accepted: "organization",
  ownership_declined: "organization",
  ownership_taken_back: "organization",
  organization_archived: "organization",
  organization_restored: "organization",
  closing_asked: "organization",
  organization_closed: "organization",
  organization_reopened: "organization",
  organization_erased_soon: "organization",
  organization_erased: "organization",
  billing_address_added: "organization",
  payment_on_its_way: "payments",
  payment_failed: "payments",
  paid_twice: "payments",
  trial_ending: "payments",
  plan_ending: "payments",
  plan_kept: "payments",
  plan_ended: "payments",
  receipt: "payments",
  welcome: "payments",
}

/** The share of a mail. A sign-in link for an address without an account was asked for by whoever typed it. */
export function shareOf(template: MessageName, { hasAccount }: { hasAccount: boolean }): MailShare {
  return template === "sign_in" && !hasAccount ? "strangers" : shares[template]
}
