import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailText } from "~/domain/mail/parts"

/** Goes to someone outside: the names in it come without anything a mail program would turn into a link. */
export const memberRemoved = message({
  name: "member_removed",
  parameters: z.object({ organizationName: z.string(), byName: z.string() }),
  subject: p => `You no longer belong to ${p.organizationName}`,
  preview: p => `${p.byName} has removed you.`,
  why: p => `You get this because you belonged to ${p.organizationName} until now.`,
  body: ({ parameters, appName }) => (
    <MailText>
      {parameters.byName} has removed you from {parameters.organizationName}, so you cannot open it any more.
      Your account on {appName} and your other organisations stay as they are. If this is a mistake, ask{" "}
      {parameters.byName} to invite you again.
    </MailText>
  ),
})
