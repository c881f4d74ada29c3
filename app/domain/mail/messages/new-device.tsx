import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

export const newDevice = message({
  name: "new_device",
  parameters: z.object({
    device: z.string(),
    network: z.string(),
    at: z.string(),
    askedElsewhere: z.string().optional(),
  }),
  purpose: "not_me",
  subject: (p, appName) => `New sign-in to ${appName} from ${p.device}`,
  preview: p => `From ${p.device}, network ${p.network}.`,
  why: () => "You get this whenever your account is used from a device we have not seen before.",
  body: ({ parameters, link, lifetime }) => (
    <>
      <MailText>
        Your account was signed in to from {parameters.device}, network {parameters.network}, on{" "}
        {parameters.at}.
      </MailText>
      {parameters.askedElsewhere && (
        <MailText>
          The link was asked for from somewhere else: {parameters.askedElsewhere}. If you did not pass it on
          yourself, treat this with care.
        </MailText>
      )}
      <MailNote>
        If this was you, there is nothing to do. If it was not, sign everybody out now, which also revokes the
        API keys you made; this button works for {lifetime}.
      </MailNote>
      <MailButton href={link}>This wasn’t me</MailButton>
    </>
  ),
})
