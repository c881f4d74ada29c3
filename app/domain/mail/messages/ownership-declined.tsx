import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const ownershipDeclined = message({
  name: "ownership_declined",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    personName: z.string(),
  }),
  subject: p => `${p.personName} has declined to take over ${p.organizationName}`,
  preview: () => "You remain its owner.",
  why: p => `You get this because you offered ${p.organizationName} to ${p.personName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.personName} does not want to take over {parameters.organizationName}. You remain an owner
        and nothing has changed. You can offer it to someone else.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.transfer(parameters.organizationSlug)}`}>
        Offer it to someone else
      </MailButton>
    </>
  ),
})
