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
    /** Until when everything keeps working, as people write a day; empty when nobody says. */
    until: z.string().default(""),
    /** Nothing can be changed any more. */
    over: z.boolean().default(false),
    /** The bank wants it to be confirmed; nothing else is wrong. */
    confirm: z.boolean().default(false),
  }),
  subject: p =>
    `The payment for ${p.organizationName} ${p.confirm ? "waits to be confirmed" : "did not go through"}`,
  preview: p =>
    p.kind === "purchase"
      ? "Nothing was set up."
      : p.over
        ? "It can be read, but not changed, until it is paid."
        : `Everything keeps working${p.until ? ` until ${p.until}` : " while you sort it out"}.`,
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
          : `The last payment for the plan of ${parameters.organizationName} ${trouble(parameters)} ${consequence(parameters)} ${request(parameters)}`}
      </MailText>
      {parameters.to === "owner" && (
        <MailButton href={appUrl + parameters.path}>
          {parameters.kind === "purchase"
            ? "See the plans"
            : parameters.confirm
              ? "Confirm the payment"
              : "Sort out the payment"}
        </MailButton>
      )}
    </>
  ),
})

type Words = { confirm: boolean; to: "owner" | "billing_address" }

function trouble({ confirm }: Words): string {
  return confirm ? "has to be confirmed: the bank asks for that." : "did not go through."
}

function request({ confirm, to }: Words): string {
  if (confirm) {
    return to === "owner"
      ? "It takes a minute, on the page of our payment provider."
      : "An owner can do that and has been told."
  }
  const check =
    to === "owner"
      ? "Please check the way of paying"
      : "An owner can check the way of paying and has been told"
  return `${check}; we try again by ourselves.`
}

function consequence({ until, over }: { until: string; over: boolean }): string {
  if (over) return "Everything can be read and exported, but not changed, until it is paid."
  if (until) return `Everything keeps working until ${until}; after that it can be read, but not changed.`
  return "Everything keeps working for now."
}
