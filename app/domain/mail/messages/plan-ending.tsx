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
    /** Whether a payment is missing, so that access may go before that day. */
    unpaid: z.boolean().default(false),
  }),
  subject: p => `The plan of ${p.organizationName} is set to end on ${p.on}`,
  preview: p =>
    p.unpaid
      ? `Nothing more is charged after ${p.on}; what is open stays due.`
      : `Nothing changes until ${p.on}, and nothing more is charged after it.`,
  why: whyPayer,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        We have noted that {planOf(p)} ends on {p.on}.{" "}
        {p.unpaid
          ? "It is not renewed. A payment is missing, though: what is open stays due, and how much can be done until it is paid stands in billing."
          : "Until then nothing changes, and after it nothing more is charged."}
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
