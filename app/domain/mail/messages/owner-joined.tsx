import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

/** To the other owners: nobody becomes one of them unnoticed. */
export const ownerJoined = message({
  name: "owner_joined",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    personName: z.string(),
    /** Who gave them the role; empty when that person is gone. */
    byName: z.string(),
    by: z.enum(["role", "invitation", "handover"]),
  }),
  subject: p => `${p.personName} now owns ${p.organizationName}`,
  preview: p => `${p.organizationName} has a new owner.`,
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.personName} is now an owner of {parameters.organizationName}. {how(parameters)} Owners
        look after everything, including payment and closing. If this is not what you expect, look at the
        members.
      </MailText>
      <MailButton href={appUrl + paths.organization.members(parameters.organizationSlug)}>
        Open the members
      </MailButton>
    </>
  ),
})

function how({ by, byName, personName }: { by: string; byName: string; personName: string }): string {
  if (by === "role") return `${byName} gave them this role.`
  if (by === "handover") return `${byName} handed it over to them and is an admin now.`
  return byName ? `${byName} invited them.` : `${personName} was invited by someone who has left.`
}
