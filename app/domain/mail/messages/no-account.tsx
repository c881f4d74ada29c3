import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const noAccount = message({
  name: "no_account",
  parameters: z.object({}),
  subject: (_, appName) => `No ${appName} account with this address`,
  preview: () => "Someone tried to sign in with this address.",
  why: () =>
    "You get this because someone typed this address on the sign-in page. We send it at most once a day.",
  body: ({ appName, appUrl }) => (
    <>
      <MailText>
        Someone asked for a sign-in link for this address, but there is no {appName} account with it, and new
        accounts come by invitation or with a plan.
      </MailText>
      <MailButton href={`${appUrl}${paths.pricing()}`}>See the plans</MailButton>
      <MailNote>
        If you have an account under another address, sign in with that one. If this was not you, you need do
        nothing.
      </MailNote>
    </>
  ),
})
