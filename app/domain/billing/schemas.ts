import { z } from "zod"
import { intervals, planIds } from "~/domain/billing/plans"
import { OrganizationName, PersonName } from "~/domain/organizations/schemas"

const plan = z.enum(planIds, "Choose one of the plans.")
const interval = z.enum(intervals, "Choose monthly or yearly.").default("month")
const slug = z.string().min(1).max(80)

/** What a stranger fills in, and what the JSON endpoint takes. */
export const StartCheckout = z.object({
  plan,
  interval,
  email: z
    .string("Enter your e-mail address.")
    .trim()
    .min(3, "Enter your e-mail address.")
    .max(254, "This address is too long."),
  businessName: OrganizationName,
})

/** The same, by an owner for an organisation that exists. */
export const StartCheckoutFor = z.object({ plan, interval, organization: slug })

export const Activate = z.object({ token: z.string().min(1).max(200), name: PersonName })

export const ResendActivation = z.object({
  email: z
    .string("Enter your e-mail address.")
    .trim()
    .min(3, "Enter your e-mail address.")
    .max(254, "This address is too long."),
})

export const OpenPortal = z.object({ organization: slug })

export const DeskAct = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("replay"), eventId: z.string().min(1).max(255) }),
  z.object({ intent: z.literal("dismiss"), alert: z.string().min(1).max(300) }),
])
