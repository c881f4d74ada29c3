import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const accountEnabled = message({
  name: "account_enabled",
  parameters: z.object({}),
  subject: (_, appName) => `Your account at ${appName} is open again`,
  preview: () => "You can sign in as before.",
  why: () => "You get this because this address is the one of the account.",
  body: ({ appName, appUrl }) => (
    <>
      <MailText>Your account at {appName} is open again. Everything is as it was.</MailText>
      <MailButton href={appUrl + paths.signIn.start()}>Sign in</MailButton>
    </>
  ),
})
