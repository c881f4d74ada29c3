import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

/** Goes to whatever address was typed at checkout: `organizationName` comes without anything a mail program would link. */
export const activation = message({
  name: "activation",
  parameters: z.object({ organizationName: z.string(), planName: z.string() }),
  purpose: "activation",
  subject: p => `${p.organizationName} is ready`,
  preview: () => "One click, and you can start.",
  why: p =>
    `You get this because this address was given when a plan was bought for ${p.organizationName}. Not you? You can ignore it; nobody gets in without this mail.`,
  body: ({ parameters, link, lifetime, appName }) => (
    <>
      <MailText>
        Thank you for choosing the {parameters.planName} plan. {parameters.organizationName} is set up on{" "}
        {appName}, and you are its owner.
      </MailText>
      <MailButton href={link}>Start</MailButton>
      <MailNote>
        The link works once, within {lifetime}. After that, the page behind it sends you a fresh one.
      </MailNote>
    </>
  ),
})
