import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

/** To the other owners, while the closing can still be called off. */
export const closingAsked = message({
  name: "closing_asked",
  parameters: z.object({ organizationName: z.string(), organizationSlug: z.string(), byName: z.string() }),
  subject: p => `${p.byName} wants to close ${p.organizationName}`,
  preview: () => "Any owner can call it off.",
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters: { organizationName, organizationSlug, byName }, appUrl }) => (
    <>
      <MailText>
        {byName} has asked to close {organizationName}. Its plan is ended first; then nobody can work in it
        any more. Until then any owner can call it off, and for some time afterwards restore it.
      </MailText>
      <MailButton href={appUrl + paths.organization.closure(organizationSlug)}>See how it stands</MailButton>
    </>
  ),
})
