import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const seatsFull = message({
  name: "seats_full",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    invited: z.string(),
    seats: z.number(),
  }),
  subject: p => `No seat left in ${p.organizationName}`,
  preview: p => `${p.invited} could not join.`,
  why: p => `You get this because you own ${p.organizationName}. We send it at most once a day.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.invited} wanted to accept an invitation, but all {parameters.seats} seats of the plan are
        taken. The invitation stays open: with a larger plan, or a free seat, they can accept it.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.billing(parameters.organizationSlug)}`}>
        Open billing
      </MailButton>
    </>
  ),
})
