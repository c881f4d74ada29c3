import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailText } from "~/domain/mail/parts"

export const testMail = message({
  name: "test_mail",
  parameters: z.object({}),
  subject: (_, appName) => `Test mail from ${appName}`,
  preview: () => "Mail works.",
  why: () => "You get this because an operator asked for a test mail.",
  body: ({ appName }) => <MailText>If you can read this, {appName} can send mail.</MailText>,
})
