import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const roleChanged = message({
  name: "role_changed",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    byName: z.string(),
    /** With its article: "an admin". */
    role: z.string(),
    roleWords: z.string(),
  }),
  subject: p => `You are now ${p.role} of ${p.organizationName}`,
  preview: p => `${p.byName} has changed your role.`,
  why: p => `You get this because you belong to ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.byName} has changed your role in {parameters.organizationName}: you are now{" "}
        {parameters.role}. In short: {parameters.roleWords.toLowerCase()}.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.roles(parameters.organizationSlug)}`}>
        See who may do what
      </MailButton>
    </>
  ),
})
