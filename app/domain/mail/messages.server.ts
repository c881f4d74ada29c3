import type { Message } from "~/domain/mail/message"
import { accountDeleted } from "~/domain/mail/messages/account-deleted"
import { accountDisabled } from "~/domain/mail/messages/account-disabled"
import { accountEnabled } from "~/domain/mail/messages/account-enabled"
import { activation } from "~/domain/mail/messages/activation"
import {
  billingAddressAdded,
  billingAddressGiven,
  billingAddressWithdrawn,
} from "~/domain/mail/messages/billing-address"
import { closingAsked } from "~/domain/mail/messages/closing-asked"
import { emailChange, emailChanged, emailChangeUndone, emailTaken } from "~/domain/mail/messages/email-change"
import { invitation } from "~/domain/mail/messages/invitation"
import { invitationAskAgain } from "~/domain/mail/messages/invitation-ask-again"
import { memberLeft } from "~/domain/mail/messages/member-left"
import { memberRemoved } from "~/domain/mail/messages/member-removed"
import { newDevice } from "~/domain/mail/messages/new-device"
import { noAccount } from "~/domain/mail/messages/no-account"
import { operatorNotice } from "~/domain/mail/messages/operator-notice"
import { organizationArchived } from "~/domain/mail/messages/organization-archived"
import { organizationClosed } from "~/domain/mail/messages/organization-closed"
import { organizationErased } from "~/domain/mail/messages/organization-erased"
import { organizationErasedSoon } from "~/domain/mail/messages/organization-erased-soon"
import { organizationReopened } from "~/domain/mail/messages/organization-reopened"
import { organizationRestored } from "~/domain/mail/messages/organization-restored"
import { ownerGone } from "~/domain/mail/messages/owner-gone"
import { ownerJoined } from "~/domain/mail/messages/owner-joined"
import { ownershipAccepted } from "~/domain/mail/messages/ownership-accepted"
import { ownershipDeclined } from "~/domain/mail/messages/ownership-declined"
import { ownershipOffered } from "~/domain/mail/messages/ownership-offered"
import { ownershipTakenBack } from "~/domain/mail/messages/ownership-taken-back"
import { paidTwice } from "~/domain/mail/messages/paid-twice"
import { passwordReset } from "~/domain/mail/messages/password-reset"
import { paymentFailed } from "~/domain/mail/messages/payment-failed"
import { paymentOnItsWay } from "~/domain/mail/messages/payment-on-its-way"
import { planEnded } from "~/domain/mail/messages/plan-ended"
import { planEnding } from "~/domain/mail/messages/plan-ending"
import { planKept } from "~/domain/mail/messages/plan-kept"
import { proofCode } from "~/domain/mail/messages/proof-code"
import { purchaseExistingUser } from "~/domain/mail/messages/purchase-existing-user"
import { receipt } from "~/domain/mail/messages/receipt"
import { roleChanged } from "~/domain/mail/messages/role-changed"
import { seatsFull } from "~/domain/mail/messages/seats-full"
import { securityNotice } from "~/domain/mail/messages/security-notice"
import { signIn } from "~/domain/mail/messages/sign-in"
import { testMail } from "~/domain/mail/messages/test-mail"
import { trialEnding } from "~/domain/mail/messages/trial-ending"
import { welcome } from "~/domain/mail/messages/welcome"

/** Every mail this installation can send, by the name it has in the outbox. */
export const messages = {
  sign_in: signIn,
  no_account: noAccount,
  new_device: newDevice,
  security_notice: securityNotice,
  password_reset: passwordReset,
  proof_code: proofCode,
  email_change: emailChange,
  email_taken: emailTaken,
  email_changed: emailChanged,
  email_change_undone: emailChangeUndone,
  account_deleted: accountDeleted,
  account_disabled: accountDisabled,
  account_enabled: accountEnabled,
  operator_notice: operatorNotice,
  test_mail: testMail,
  invitation,
  invitation_ask_again: invitationAskAgain,
  seats_full: seatsFull,
  role_changed: roleChanged,
  member_removed: memberRemoved,
  member_left: memberLeft,
  owner_joined: ownerJoined,
  owner_gone: ownerGone,
  ownership_offered: ownershipOffered,
  ownership_accepted: ownershipAccepted,
  ownership_declined: ownershipDeclined,
  ownership_taken_back: ownershipTakenBack,
  organization_archived: organizationArchived,
  organization_restored: organizationRestored,
  closing_asked: closingAsked,
  organization_closed: organizationClosed,
  organization_reopened: organizationReopened,
  organization_erased_soon: organizationErasedSoon,
  organization_erased: organizationErased,
  activation,
  purchase_existing_user: purchaseExistingUser,
  payment_on_its_way: paymentOnItsWay,
  payment_failed: paymentFailed,
  paid_twice: paidTwice,
  trial_ending: trialEnding,
  plan_ending: planEnding,
  plan_kept: planKept,
  plan_ended: planEnded,
  receipt,
  billing_address_given: billingAddressGiven,
  billing_address_withdrawn: billingAddressWithdrawn,
  billing_address_added: billingAddressAdded,
  welcome,
} satisfies Record<string, Message>

export type MessageName = keyof typeof messages

export function isMessageName(name: string): name is MessageName {
  return Object.hasOwn(messages, name)
}
