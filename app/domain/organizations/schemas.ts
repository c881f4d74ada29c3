import { z } from "zod"
import { signInMethodList } from "~/domain/accounts/sign-in-methods"
import { roles } from "~/domain/organizations/roles"

/** Line breaks, invisible and direction-changing characters have no place in a name that is shown and mailed to others. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A name as it is kept: composed (NFC), without unseen characters, single spaces. */
export function tidyName(typed: string): string {
  return typed.normalize("NFC").replace(/\s+/gu, " ").replace(unseen, "").trim()
}

export const OrganizationName = z
  .string("Enter a name.")
  .transform(tidyName)
  .pipe(
    z
      .string("Enter a name.")
      .min(1, "Enter a name.")
      .max(80, "Use 80 characters or fewer.")
      .regex(/[\p{L}\p{N}]/u, "Use at least one letter or digit."),
  )

export const PersonName = z
  .string("Enter your name.")
  .transform(tidyName)
  .pipe(z.string("Enter your name.").min(1, "Enter your name.").max(80, "Use 80 characters or fewer."))

/** Founding an organisation asks for its name only, and so do its settings. */
export const NameOrganization = z.object({ name: OrganizationName })

/** What the page of security settings posts: boxes that are not ticked are not sent. */
export const ChangeSecurity = z.object({
  ways: z.enum(["any", "only"], "Choose one of these."),
  methods: z.array(z.enum(signInMethodList)).default([]),
  requireMfa: z.boolean().default(false),
})

/** Fifty addresses in one go: each is a mail, and the hourly limit of an organisation is of the same size. */
export const mostAddresses = 50

/** Whether it is an address is said of each. */
const Invitee = z.string("Name an e-mail address.").trim().min(1, "Name an e-mail address.").max(320)

export const Invite = z.object({
  addresses: z
    .string("Enter at least one e-mail address.")
    .trim()
    .min(1, "Enter at least one e-mail address.")
    .max(20_000, `Invite at most ${mostAddresses} people at once.`),
  role: z.enum(roles, "Choose a role."),
})

/** The same from a program: one address, or several. */
export const InviteByList = z
  .object({
    email: Invitee.optional(),
    emails: z
      .array(Invitee)
      .min(1, "Name at least one e-mail address.")
      .max(mostAddresses, `Invite at most ${mostAddresses} people at once.`)
      .optional(),
    role: z.enum(roles, "Choose a role."),
  })
  .refine(({ email, emails }) => (email === undefined) !== (emails === undefined), {
    path: ["emails"],
    error: "Name one address as `email`, or several as `emails`.",
  })

export const InvitationAct = z.object({ invitationId: z.string().min(1).max(64) })

/** What the page of domains posts. */
export const DomainForm = z.object({
  intent: z.enum(["add", "remove"], "Choose what to do."),
  domain: z
    .string("Enter a domain, such as example.com.")
    .trim()
    .min(1, "Enter a domain, such as example.com.")
    .max(254, "Enter a domain, such as example.com."),
})

export const JoinOrganization = z.object({ organization: z.string().min(1).max(80) })

/** What the page of one invitation posts. */
export const InvitationForm = z.object({ intent: z.enum(["resend", "revoke"], "Choose what to do.") })

export const RoleChoice = z.object({ role: z.enum(roles, "Choose a role.") })

/** The last millisecond a date can hold (ECMA-262, 21.4.1.1). */
const latestMoment = 8.64e15

/** Which offer of ownership was meant: the moment it was made, in milliseconds. */
const OfferSeen = z.object({ offeredAt: z.coerce.number().int().min(0).max(latestMoment) })

export const TransferForm = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("offer"),
    address: z.string("Enter the e-mail address of a member.").trim().max(320),
  }),
  OfferSeen.extend({ intent: z.literal("take_back") }),
])

export const TransferAnswer = OfferSeen.extend({ intent: z.enum(["accept", "decline"]) })

/** Everything the page of a member posts. */
export const MemberForm = z.discriminatedUnion("intent", [
  RoleChoice.extend({ intent: z.literal("change_role") }),
  z.object({ intent: z.literal("remove") }),
])
