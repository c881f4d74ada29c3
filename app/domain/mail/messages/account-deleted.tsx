import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailNote, MailText } from "~/domain/mail/parts"

export const accountDeleted = message({
  name: "account_deleted",
  parameters: z.object({}),
  subject: (_, appName) => `Your account at ${appName} is deleted`,
  preview: () => "This is the last mail about it.",
  why: () => "You get this because you had an account with this address.",
  body: () => (
    <>
      <MailText>
        Your account is deleted, as was asked for in it, with everything that was kept about you. What you
        bought stays in the books under a pseudonym.
      </MailText>
      <MailNote>
        It cannot be brought back. Was it not you? Write to the person who runs this site, and change the
        password of your mailbox.
      </MailNote>
    </>
  ),
})
