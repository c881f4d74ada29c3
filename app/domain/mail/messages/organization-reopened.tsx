import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const organizationReopened = message({
  name: "organization_reopened",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    reopenedBy: z.string(),
    /** It ended while the organisation was closed. */
    planGone: z.boolean(),
    /** Why it stays archived all the same; empty when it does not. */
    stillArchived: z.string(),
  }),
  subject: p => `${p.organizationName} is ${p.stillArchived ? "no longer closed" : "open again"}`,
  preview: p => `${p.reopenedBy} restored it.`,
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({
    parameters: { organizationName, organizationSlug, reopenedBy, planGone, stillArchived },
    appUrl,
  }) => (
    <>
      <MailText>
        {reopenedBy} restored {organizationName}. Nothing will be erased, and everything is as it was
        {planGone ? ", except that its plan has ended. You can choose one under billing." : "."}
      </MailText>
      {stillArchived && (
        <MailText>
          It is still archived, because {stillArchived}. Until that is lifted nobody can work in it.
        </MailText>
      )}
      <MailButton
        href={
          appUrl +
          (planGone
            ? paths.organization.billing(organizationSlug)
            : paths.organization.overview(organizationSlug))
        }
      >
        {planGone ? "Open billing" : `Open ${organizationName}`}
      </MailButton>
    </>
  ),
})
