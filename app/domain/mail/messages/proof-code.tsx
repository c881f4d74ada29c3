import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailCode, MailNote, MailText } from "~/domain/mail/parts"

export const proofCode = message({
  name: "proof_code",
  parameters: z.object({ device: z.string(), network: z.string() }),
  carriesProof: true,
  subject: (_, appName) => `Your code for ${appName}`,
  preview: () => "To confirm that it is you.",
  why: () =>
    "You get this because someone who is signed in as you is about to change something important. Not you? Give the code to nobody, and end that session under Devices in your account.",
  body: ({ parameters, code }) => (
    <>
      <MailText>Type this code where you were asked for it, to confirm that it is you:</MailText>
      {code && <MailCode code={code} />}
      <MailNote>
        It works once, within 10 minutes. Asked for from {parameters.device}, network {parameters.network}.
      </MailNote>
    </>
  ),
})
