import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

/** To the owners who stay. Whoever goes by themself is in "member_left". */
export const ownerGone = message({
  name: "owner_gone",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    personName: z.string(),
    byName: z.string(),
    /** With its article: "an admin". Undefined for someone who was removed. */
    nowRole: z.string().optional(),
  }),
  subject: p => `${p.personName} no longer owns ${p.organizationName}`,
  preview: p => `${p.byName} ${p.nowRole ? "has changed their role" : "has removed them"}.`,
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters: { organizationName, organizationSlug, personName, byName, nowRole }, appUrl }) => (
    <>
      <MailText>
        {personName} is no longer an owner of {organizationName}:{" "}
        {nowRole ? `${byName} has made them ${nowRole}.` : `${byName} has removed them from it.`} If this is
        not what you expect, look at the members.
      </MailText>
      <MailButton href={appUrl + paths.organization.members(organizationSlug)}>Open the members</MailButton>
    </>
  ),
})
