import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const ownershipOffered = message({
  name: "ownership_offered",
  parameters: z.object({ organizationName: z.string(), organizationSlug: z.string(), fromName: z.string() }),
  subject: p => `${p.fromName} offers you ${p.organizationName}`,
  preview: () => "You would become its owner.",
  why: p => `You get this because you belong to ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.fromName} would like to hand {parameters.organizationName} over to you. If you accept, you
        become an owner, who looks after everything including payment and closing, and {parameters.fromName}{" "}
        becomes an admin. Nothing changes until you do.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.transfer(parameters.organizationSlug)}`}>
        Accept or decline
      </MailButton>
      <MailNote>You have 7 days to answer. After that the offer runs out by itself.</MailNote>
    </>
  ),
})
