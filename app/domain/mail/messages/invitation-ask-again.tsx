import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const invitationAskAgain = message({
  name: "invitation_ask_again",
  parameters: z.object({ organizationName: z.string(), organizationSlug: z.string(), invited: z.string() }),
  subject: p => `${p.invited} asks for a fresh invitation to ${p.organizationName}`,
  preview: () => "The one you sent has run out.",
  why: p => `You get this because you invited ${p.invited}. We send it once for each invitation.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        The invitation you sent to {parameters.invited} has run out before it was accepted, and they would
        like to join. Send it again from the list of members, if you still want them to.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.members(parameters.organizationSlug)}`}>
        Open the members
      </MailButton>
    </>
  ),
})
