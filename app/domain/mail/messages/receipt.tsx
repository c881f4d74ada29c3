import { z } from "zod"
import { message } from "~/domain/mail/message"
import { payerParameters, whyPayer } from "~/domain/mail/messages/payer"
import { MailButton, MailText } from "~/domain/mail/parts"

const { planName: _, ...parameters } = payerParameters

export const receipt = message({
  name: "receipt",
  parameters: z.object({
    ...parameters,
    /** The invoice's number; empty when it has none. */
    number: z.string(),
    /** With its currency: "$29.00". */
    amount: z.string(),
    /** The day of the invoice, as people write it. */
    on: z.string(),
    /** Where the invoice is, inside the app. */
    path: z.string().startsWith("/"),
  }),
  subject: p => `Receipt: ${p.amount} for ${p.organizationName}`,
  preview: p => `Invoice ${p.number} of ${p.on} is paid.`,
  why: whyPayer,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        Thank you. {p.amount} for the plan of {p.organizationName} has been paid: invoice {p.number} of {p.on}
        .
      </MailText>
      {p.to === "owner" ? (
        <MailButton href={appUrl + p.path}>Open the invoice</MailButton>
      ) : (
        <MailText>The invoice itself comes from the payment provider, or from an owner.</MailText>
      )}
    </>
  ),
})
