import { z } from "zod"
import { message } from "~/domain/mail/message"
import { payerParameters, planOf, whyPayer } from "~/domain/mail/messages/payer"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const trialEnding = message({
  name: "trial_ending",
  parameters: z.object({
    ...payerParameters,
    /** A day, as people write it. */
    on: z.string(),
    /** "$29.00 a month"; empty when nobody knows. */
    price: z.string(),
  }),
  subject: p => `The trial of ${p.organizationName} ends on ${p.on}`,
  preview: () => "The plan goes on after that, and the first payment is taken.",
  why: whyPayer,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        The trial of {planOf(p)} ends on {p.on}. It goes on after that, and the first payment is taken
        {p.price && `: ${p.price}, before tax and discounts`}.
      </MailText>
      <MailText>
        {p.to === "owner"
          ? "If you do not want it to go on, set it to end before that day. Nothing is charged then."
          : "If it is not wanted any more, an owner can set it to end before that day."}
      </MailText>
      {p.to === "owner" && (
        <MailButton href={appUrl + paths.organization.billing(p.organizationSlug)}>Open billing</MailButton>
      )}
    </>
  ),
})
