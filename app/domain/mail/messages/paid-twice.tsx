import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const paidTwice = message({
  name: "paid_twice",
  parameters: z.object({ organizationName: z.string(), organizationSlug: z.string() }),
  subject: p => `${p.organizationName} pays for two plans`,
  preview: () => "Both go on until one of them is ended.",
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        {`Two plans of ${p.organizationName} go on side by side, and both are charged. That happens when two payment pages are paid at the same moment, or when a plan is added by hand. The better of the two counts.`}
      </MailText>
      <MailText>
        End the one you do not want on the billing page. Whoever runs this service has been told, too, and can
        pay back what was paid twice.
      </MailText>
      <MailButton href={appUrl + paths.organization.billing(p.organizationSlug)}>Open billing</MailButton>
    </>
  ),
})
