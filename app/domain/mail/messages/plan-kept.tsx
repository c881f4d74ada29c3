import { z } from "zod"
import { message } from "~/domain/mail/message"
import { payerParameters, planOf, whyPayer } from "~/domain/mail/messages/payer"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const planKept = message({
  name: "plan_kept",
  parameters: z.object({
    ...payerParameters,
    /** The day it was to end, as people write it. */
    on: z.string(),
  }),
  subject: p => `The plan of ${p.organizationName} goes on`,
  preview: p => `It does not end on ${p.on} after all.`,
  why: whyPayer,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        {`${planOf(p).replace(/^t/, "T")} was set to end on ${p.on}. That has been taken back: it goes on, and is charged as before.`}
      </MailText>
      {p.to === "owner" && (
        <MailButton href={appUrl + paths.organization.billing(p.organizationSlug)}>Open billing</MailButton>
      )}
    </>
  ),
})
