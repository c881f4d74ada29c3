import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

export const organizationArchived = message({
  name: "organization_archived",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    because: z.enum(["operator", "billing"]),
    /** What the operator says of it; empty when nothing. */
    note: z.string(),
  }),
  subject: p => `${p.organizationName} is archived`,
  preview: () => "Nobody can work in it until it is restored. Nothing is deleted.",
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters: { organizationName, organizationSlug, because, note }, appName, appUrl }) => (
    <>
      <MailText>
        {because === "billing"
          ? `The plan of ${organizationName} is not paid, so it is archived.`
          : `An operator of ${appName} has archived ${organizationName}.`}{" "}
        Nobody can work in it until it is restored. Nothing is deleted, and your other organisations are not
        affected.
      </MailText>
      {note && <MailText>They say: {note}</MailText>}
      <MailText>
        {because === "billing"
          ? "Paying the plan takes that back."
          : "As an owner you still reach billing, the export and closing."}
      </MailText>
      <MailButton
        href={
          appUrl +
          (because === "billing"
            ? paths.organization.billing(organizationSlug)
            : paths.organization.overview(organizationSlug))
        }
      >
        {because === "billing" ? "Open billing" : `Open ${organizationName}`}
      </MailButton>
    </>
  ),
})
