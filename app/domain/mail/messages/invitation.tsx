import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

/** Goes to strangers: the names in it come without anything a mail program would turn into a link. */
export const invitation = message({
  name: "invitation",
  parameters: z.object({ organizationName: z.string(), inviterName: z.string(), roleName: z.string() }),
  purpose: "invitation",
  subject: p => `${p.inviterName} invites you to ${p.organizationName}`,
  preview: p => `Join ${p.organizationName} with this address.`,
  why: p =>
    `You get this because ${p.inviterName} entered this address to invite you. Not expecting it? You can ignore it; nothing happens without a click.`,
  body: ({ parameters, link, lifetime, appName }) => (
    <>
      <MailText>
        {parameters.inviterName} would like to work with you in {parameters.organizationName} on {appName}.
        Your role would be: {parameters.roleName.toLowerCase()}.
      </MailText>
      <MailButton href={link}>See the invitation</MailButton>
      <MailNote>The link works once, within {lifetime}, and only for this address.</MailNote>
    </>
  ),
})
