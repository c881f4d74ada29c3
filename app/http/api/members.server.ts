/** The people of an organisation as programs see them. */
import { z } from "zod"
import type { Member } from "~/domain/organizations/members.server"
import { roles } from "~/domain/organizations/roles"

export const MemberAnswer = z
  .object({
    id: z.string().meta({ description: "Of the membership: what the address of a member takes." }),
    userId: z.string(),
    name: z.string().meta({ description: "Empty until they have told it." }),
    email: z.string(),
    role: z.enum(roles),
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: "Member" })

/** A member in these terms. */
export function tellMember(member: Member): z.input<typeof MemberAnswer> {
  const { membershipId: id, userId, name, email, role, joinedAt } = member
  return { id, userId, name, email, role, joinedAt: joinedAt.toISOString() }
}
