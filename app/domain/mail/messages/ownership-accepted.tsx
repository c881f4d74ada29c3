import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const ownershipAccepted = message({
  name: "ownership_accepted",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    personName: z.string(),
  }),
  subject: p => `${p.personName} now owns ${p.organizationName}`,
  preview: () => "You are an admin from now on.",
  why: p => `You get this because you offered ${p.organizationName} to ${p.personName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.personName} has accepted your offer and now owns {parameters.organizationName}. You are an
        admin from now on: you look after people and set things up. Payment and closing are the business of
        its owners.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.overview(parameters.organizationSlug)}`}>
        Open {parameters.organizationName}
      </MailButton>
    </>
  ),
})
