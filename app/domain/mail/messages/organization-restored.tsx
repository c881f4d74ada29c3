import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const organizationRestored = message({
  name: "organization_restored",
  parameters: z.object({ organizationName: z.string(), organizationSlug: z.string() }),
  subject: p => `${p.organizationName} is restored`,
  preview: () => "Everything is back as it was.",
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters: { organizationName, organizationSlug }, appUrl }) => (
    <>
      <MailText>
        {organizationName} is no longer archived. Everybody can work in it again, and everything is as it was.
      </MailText>
      <MailButton href={appUrl + paths.organization.overview(organizationSlug)}>
        Open {organizationName}
      </MailButton>
    </>
  ),
})
