import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailText } from "~/domain/mail/parts"

/** It does not say which organisation: this row outlives it. */
export const organizationErased = message({
  name: "organization_erased",
  parameters: z.object({
    /** The day it was closed, as people write it. */
    closedOn: z.string(),
  }),
  subject: p => `The organisation closed on ${p.closedOn} is erased`,
  preview: () => "Its name, its people and everything in it are gone.",
  why: p => `You get this because you owned the organisation that was closed on ${p.closedOn}.`,
  body: ({ parameters: { closedOn } }) => (
    <MailText>
      The organisation that was closed on {closedOn} is erased, with its name, its people, its invitations and
      its audit log. We keep only the numbers of its invoices, because the law asks for them. Your own account
      is as it was.
    </MailText>
  ),
})
