import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const memberLeft = message({
  name: "member_left",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    personName: z.string(),
    /** With its article: "an admin". */
    role: z.string(),
  }),
  subject: p => `${p.personName} has left ${p.organizationName}`,
  preview: p => `They were ${p.role}.`,
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.personName}, who was {parameters.role} of {parameters.organizationName}, has left it. What
        they did there stays. If someone should take over, you can make another member {parameters.role}.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.members(parameters.organizationSlug)}`}>
        Open the members
      </MailButton>
    </>
  ),
})
