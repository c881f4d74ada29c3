import { z } from "zod"
import { message } from "~/domain/mail/message"
import { payerParameters, planOf, whyPayer } from "~/domain/mail/messages/payer"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const planEnding = message({
  name: "plan_ending",
  parameters: z.object({
    ...payerParameters,
    /** A day, as people write it. */
    on: z.string(),
  }),
  subject: p => `The plan of ${p.organizationName} is set to end on ${p.on}`,
  preview: p => `Nothing changes until ${p.on}, and nothing more is charged after it.`,
  why: whyPayer,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        We have noted that {planOf(p)} ends on {p.on}. Until then nothing changes, and after it nothing more
        is charged.
      </MailText>
      <MailText>
        {p.to === "owner"
          ? "Until that day you can take it back in billing with one click."
          : "Until that day an owner can take it back."}
      </MailText>
      {p.to === "owner" && (
        <MailButton href={appUrl + paths.organization.billing(p.organizationSlug)}>Open billing</MailButton>
      )}
    </>
  ),
})
