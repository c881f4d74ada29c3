import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailCode, MailNote, MailText } from "~/domain/mail/parts"

export const signIn = message({
  name: "sign_in",
  parameters: z.object({
    device: z.string(),
    network: z.string(),
    fresh: z.boolean().default(false),
    connects: z.string().optional(),
  }),
  purpose: "sign_in",
  subject: (p, appName) => (p.fresh ? `A fresh sign-in link for ${appName}` : `Sign in to ${appName}`),
  preview: () => "Your link and code. Each works once.",
  why: () =>
    "You get this because someone typed this address on the sign-in page. Not you? Nobody gets in without this mail; you can ignore it.",
  body: ({ parameters, link, code, lifetime }) => (
    <>
      <MailText>Use this button to sign in. It works once, within {lifetime}.</MailText>
      {parameters.connects && (
        <MailText>
          Someone came from {parameters.connects} and gave this address. If that was you, use it in the same
          browser: it then opens your account from {parameters.connects}, too.
        </MailText>
      )}
      <MailButton href={link}>Sign in</MailButton>
      {code && (
        <>
          <MailText>Or type this code where you asked for it:</MailText>
          <MailCode code={code} />
        </>
      )}
      <MailNote>
        Asked for from {parameters.device}, network {parameters.network}.
      </MailNote>
    </>
  ),
})
