import { z } from "zod"
import { message } from "~/domain/mail/message"
import { payerParameters, planOf, whyPayer } from "~/domain/mail/messages/payer"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const planEnded = message({
  name: "plan_ended",
  parameters: z.object({
    ...payerParameters,
    /** Another plan still gives everything. */
    goesOn: z.boolean(),
    /** The day it is archived, as people write it; empty when it is archived already. */
    readableUntil: z.string(),
  }),
  subject: p => `The plan of ${p.organizationName} has ended`,
  preview: p => {
    if (p.goesOn) return "Another plan goes on."
    return p.readableUntil ? "Nothing is lost. Everything can still be read." : "Nothing is lost."
  },
  why: whyPayer,
  body: ({ parameters: p, appUrl }) => (
    <>
      <MailText>
        {`${planOf(p).replace(/^t/, "T")} has ended, and nothing more is charged for it.`}
        {p.goesOn && " Another plan goes on, so nothing changes."}
      </MailText>
      {!p.goesOn && (
        <MailText>
          {p.readableUntil
            ? `Until ${p.readableUntil} everything in it can be read and exported, but not changed. Then it is archived; nothing is deleted.`
            : "It stays archived; nothing is deleted."}{" "}
          A new plan puts everything back at once.
        </MailText>
      )}
      {p.to === "owner" && (
        <MailButton
          href={
            appUrl +
            (p.goesOn
              ? paths.organization.billing(p.organizationSlug)
              : paths.pricing({ org: p.organizationSlug }))
          }
        >
          {p.goesOn ? "Open billing" : "See the plans"}
        </MailButton>
      )}
    </>
  ),
})
