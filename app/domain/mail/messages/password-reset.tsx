import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

export const passwordReset = message({
  name: "password_reset",
  parameters: z.object({ device: z.string(), network: z.string() }),
  purpose: "password_reset",
  subject: (_, appName) => `Choose a new password for ${appName}`,
  preview: () => "The link works once. Until then nothing changes.",
  why: () =>
    "You get this because someone typed this address on the page for forgotten passwords. Not you? Nothing changes without this mail; you can ignore it.",
  body: ({ parameters, link, lifetime }) => (
    <>
      <MailText>
        Choose a new password with this button. It works once, within {lifetime}. Once you have, you are
        signed out everywhere else.
      </MailText>
      <MailButton href={link}>Choose a new password</MailButton>
      <MailNote>
        Asked for from {parameters.device}, network {parameters.network}.
      </MailNote>
    </>
  ),
})
