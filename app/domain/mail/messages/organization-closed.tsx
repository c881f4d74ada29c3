import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const organizationClosed = message({
  name: "organization_closed",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    /** Empty when that person is gone. */
    closedBy: z.string(),
    /** A day, as people write it. */
    eraseOn: z.string(),
  }),
  subject: p => `${p.organizationName} is closed`,
  preview: p => `You can restore it until ${p.eraseOn}.`,
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters: { organizationName, organizationSlug, closedBy, eraseOn }, appUrl }) => (
    <>
      <MailText>
        {closedBy ? `${closedBy} closed ${organizationName}.` : `${organizationName} was closed.`} Nobody can
        work in it any more, and nothing more will be charged.
      </MailText>
      <MailText>
        Until {eraseOn} you can restore it with one click, with everything in it, or download what it holds.
        After that day everything is erased for good.
      </MailText>
      <MailButton href={appUrl + paths.organization.closure(organizationSlug)}>
        Restore or download it
      </MailButton>
    </>
  ),
})
