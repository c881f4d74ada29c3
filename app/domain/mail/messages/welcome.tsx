import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"

export const welcome = message({
  name: "welcome",
  parameters: z.object({
    personName: z.string(),
    organizationName: z.string(),
    /** The organisation's page, inside the app. */
    path: z.string().startsWith("/"),
  }),
  subject: p => `Welcome, ${p.personName}`,
  preview: p => `Where to find ${p.organizationName}, and how to come back.`,
  why: p => `You get this once, because you have just activated your account for ${p.organizationName}.`,
  body: ({ parameters, appName, appUrl }) => (
    <>
      <MailText>Your account on {appName} is active. Keep this mail: it tells how to come back.</MailText>
      <MailText>
        There is no password to remember. Open the address below, type this e-mail address, and use the link
        or code we send you.
      </MailText>
      <MailButton href={appUrl + parameters.path}>Open {parameters.organizationName}</MailButton>
    </>
  ),
})
