import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

/** For a buyer who has an account: a sign-in link in place of an activation. */
export const purchaseExistingUser = message({
  name: "purchase_existing_user",
  parameters: z.object({ organizationName: z.string(), planName: z.string() }),
  purpose: "purchase_access",
  subject: p => `${p.organizationName} has the ${p.planName} plan`,
  preview: () => "Ready. Sign in to go on.",
  why: p =>
    `You get this because a plan was bought for ${p.organizationName} with your address. Not you? You can ignore it; nobody gets in without this mail.`,
  body: ({ parameters, link, lifetime }) => (
    <>
      <MailText>
        Thank you: {parameters.organizationName} has the {parameters.planName} plan. You are its owner, with
        the account you already have.
      </MailText>
      <MailButton href={link}>Sign in and go on</MailButton>
      <MailNote>The link works once, within {lifetime}. Signing in as usual works too.</MailNote>
    </>
  ),
})
