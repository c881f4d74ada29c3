import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const operatorNotice = message({
  name: "operator_notice",
  parameters: z.object({ title: z.string(), words: z.string() }),
  subject: (p, appName) => `${appName}: ${p.title}`,
  preview: p => p.words,
  why: () => "You get this because you are an operator of this installation.",
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>{parameters.words}</MailText>
      <MailButton href={`${appUrl}${paths.admin.overview()}`}>Open the operator’s desk</MailButton>
    </>
  ),
})
