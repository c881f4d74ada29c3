import type { Message } from "~/domain/mail/message"
import { newDevice } from "~/domain/mail/messages/new-device"
import { noAccount } from "~/domain/mail/messages/no-account"
import { operatorNotice } from "~/domain/mail/messages/operator-notice"
import { signIn } from "~/domain/mail/messages/sign-in"

/** Every mail this installation can send, by the name it has in the outbox. */
export const messages = {
  sign_in: signIn,
  no_account: noAccount,
  new_device: newDevice,
  operator_notice: operatorNotice,
} satisfies Record<string, Message>

export type MessageName = keyof typeof messages

export function isMessageName(name: string): name is MessageName {
  return Object.hasOwn(messages, name)
}
