import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const organizationErasedSoon = message({
  name: "organization_erased_soon",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    /** A day, as people write it. */
    eraseOn: z.string(),
  }),
  subject: p => `${p.organizationName} will be erased on ${p.eraseOn}`,
  preview: () => "Until then you can restore it or download what it holds.",
  why: p => `You get this because you own ${p.organizationName}. We send it once.`,
  body: ({ parameters: { organizationName, organizationSlug, eraseOn }, appUrl }) => (
    <>
      <MailText>
        {organizationName} is closed. On {eraseOn} everything in it is erased, and nobody can bring it back.
        If that is what you want, there is nothing to do.
      </MailText>
      <MailButton href={appUrl + paths.organization.closure(organizationSlug)}>
        Restore or download it
      </MailButton>
    </>
  ),
})
