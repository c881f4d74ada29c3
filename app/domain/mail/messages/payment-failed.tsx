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
    /** Whom it is for: someone who can put it right, or the billing address, which may be nobody's here. */
    to: z.enum(["owner", "billing_address"]).default("owner"),
  }),
  subject: p => `The payment for ${p.organizationName} did not go through`,
  preview: p =>
    p.kind === "purchase" ? "Nothing was set up." : "Everything keeps working while you sort it out.",
  why: p =>
    p.kind === "purchase"
      ? `You get this because this address was given when a plan was bought for ${p.organizationName}.`
      : p.to === "owner"
        ? `You get this because you own ${p.organizationName}.`
        : `You get this because this is the billing address of ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.kind === "purchase"
          ? `Your bank sent the payment for the ${parameters.planName} plan back. Nothing was set up, and you owe nothing. You can try again with another way of paying.`
          : `The last payment for the plan of ${parameters.organizationName} did not go through. Everything keeps working for now. ${parameters.to === "owner" ? "Please check the way of paying" : "An owner can check the way of paying and has been told"}; we try again by ourselves.`}
      </MailText>
      {parameters.to === "owner" && (
        <MailButton href={appUrl + parameters.path}>
          {parameters.kind === "purchase" ? "See the plans" : "Open billing"}
        </MailButton>
      )}
    </>
  ),
})
