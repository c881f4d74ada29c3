import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailText } from "~/domain/mail/parts"

export const accountDisabled = message({
  name: "account_disabled",
  parameters: z.object({}),
  subject: (_, appName) => `Your account at ${appName} is shut`,
  preview: () => "You cannot sign in with it at the moment. Nothing is deleted.",
  why: () => "You get this because this address is the one of the account.",
  body: ({ appName }) => (
    <>
      <MailText>
        The people who run {appName} have shut your account. You are signed out everywhere and cannot sign in
        at the moment. Nothing is deleted, and you still belong to your organisations.
      </MailText>
      <MailText>If you think this is a mistake, write to them.</MailText>
    </>
  ),
})
