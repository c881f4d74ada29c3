import { z } from "zod"
import { chosenPassword } from "~/domain/accounts/password-fields"
import { intervals, planIds } from "~/domain/billing/plans"
import { newOrganization } from "~/domain/billing/purchase"
import { OrganizationName, PersonName } from "~/domain/organizations/schemas"

const plan = z.enum(planIds, "Choose one of the plans.")
const interval = z.enum(intervals, "Choose monthly or yearly.").default("month")
const slug = z.string().min(1).max(80).describe("The organisation’s slug.")

const email = z
  .string("Enter your e-mail address.")
  .trim()
  .min(3, "Enter your e-mail address.")
  .max(254, "This address is too long.")

/**
 * What the form and the JSON endpoint take. A stranger gives address and business name; someone signed in is known by their
 * address; an owner who names an organisation needs to give neither.
 */
export const StartCheckout = z.object({
  plan,
  interval,
  organization: slug.optional().transform(place => (place === newOrganization ? undefined : place)),
  businessName: OrganizationName.optional(),
  email: email.optional(),
})

export type CheckoutWish = z.output<typeof StartCheckout>

/** The password only where everyone has one. */
export const Activate = z.object({
  token: z.string().min(1).max(200),
  name: PersonName,
  password: chosenPassword.optional(),
})

export const CorrectAddress = z.object({ email })

export const RenewActivation = z.object({ handle: z.string().min(1).max(200) })

export const OpenPortal = z.object({
  organization: slug,
  flow: z
    .enum(["payment_method", "cancel", "plan"], "must be payment_method, cancel or plan")
    .describe("Opens the portal at this one page")
    .optional(),
})

export const PlanWish = z.object({ plan, interval })

export const ChangePlan = z.object({ offer: z.string().min(1).max(2_000) })

export const LetAdmins = z.object({ allowed: z.enum(["yes", "no"]).transform(word => word === "yes") })

export const ChangeEnding = z.object({ intent: z.enum(["end", "keep"]) })

export const DeskAct = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("replay"), eventId: z.string().min(1).max(255) }),
  z.object({ intent: z.literal("replay-all") }),
  z.object({ intent: z.literal("dismiss"), alert: z.string().min(1).max(300) }),
])

export const ClosureForm = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("close"),
    name: z.string("Type the name of the organisation.").trim().min(1, "Type the name of the organisation."),
  }),
  z.object({ intent: z.literal("reopen") }),
])
