import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const newDevice = message({
  name: "new_device",
  parameters: z.object({
    device: z.string(),
    network: z.string(),
    at: z.string(),
    askedElsewhere: z.string().optional(),
  }),
  subject: (p, appName) => `New sign-in to ${appName} from ${p.device}`,
  preview: p => `From ${p.device}, network ${p.network}.`,
  why: () => "You get this whenever your account is used from a device we have not seen before.",
  body: ({ parameters, appUrl }) => (
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
      <MailNote>If this was you, there is nothing to do. If it was not, end that session now.</MailNote>
      <MailButton href={`${appUrl}${paths.account.devices()}`}>This wasn’t me</MailButton>
    </>
  ),
})
