import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"

export const paymentFailed = message({
  name: "payment_failed",
  parameters: z.object({
    /** The first payment, after which nothing exists yet, or one of a running plan. */
    kind: z.enum(["purchase", "renewal"]),
    organizationName: z.string(),
    planName: z.string(),
    /** Where to put it right, inside the app. */
    path: z.string().startsWith("/"),
  }),
  subject: p => `The payment for ${p.organizationName} did not go through`,
  preview: p =>
    p.kind === "purchase" ? "Nothing was set up." : "Everything keeps working while you sort it out.",
  why: p =>
    p.kind === "purchase"
      ? `You get this because this address was given when a plan was bought for ${p.organizationName}.`
      : `You get this because you own ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.kind === "purchase"
          ? `Your bank sent the payment for the ${parameters.planName} plan back. Nothing was set up, and you owe nothing. You can try again with another way of paying.`
          : `The last payment for the plan of ${parameters.organizationName} did not go through. Everything keeps working for now. Please check the way of paying; we try again by ourselves.`}
      </MailText>
      <MailButton href={appUrl + parameters.path}>
        {parameters.kind === "purchase" ? "See the plans" : "Open billing"}
      </MailButton>
    </>
  ),
})
