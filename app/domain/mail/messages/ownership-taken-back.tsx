import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailText } from "~/domain/mail/parts"

export const ownershipTakenBack = message({
  name: "ownership_taken_back",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    personName: z.string(),
  }),
  subject: p => `${p.personName} keeps ${p.organizationName}`,
  preview: () => "The offer is taken back. There is nothing for you to do.",
  why: p => `You get this because ${p.organizationName} was offered to you.`,
  body: ({ parameters }) => (
    <MailText>
      {parameters.personName} has taken back the offer to hand {parameters.organizationName} over to you. Your
      role there stays as it was, and there is nothing for you to do.
    </MailText>
  ),
})
