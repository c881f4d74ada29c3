import { z } from "zod"
import { chosenPassword } from "~/domain/accounts/password-fields"
import { stepIds } from "~/domain/onboarding/steps"
import { InvitationAct, Invite, OrganizationName, PersonName, tidyName } from "~/domain/organizations/schemas"

const org = z.string("Say which organisation.").min(1).max(80)
const step = z.enum(stepIds, "There is no such step.")

const token = z.string().min(1).max(200)

/** A name is welcome, but not asked for, from someone who joins. */
const nameIfGiven = z
  .string()
  .transform(tidyName)
  .pipe(z.string().max(80, "Use 80 characters or fewer."))
  .optional()

export const AcceptInvitation = z.object({
  token,
  name: nameIfGiven,
  /** Only from somebody who begins here, and where everyone has one. */
  password: chosenPassword.optional(),
  anyway: z.literal("yes").optional(),
})

/** By the link of the mail, or signed in with the invited address. */
export const AskAgain = z.union([z.object({ token }), InvitationAct])

/** The form of one step, with what doing it takes. */
export const TakeStep = z.discriminatedUnion("step", [
  z.object({ org, step: z.literal("profile"), name: PersonName }),
  z.object({ org, step: z.literal("workspace"), name: OrganizationName }),
  Invite.extend({ org, step: z.literal("invite_member") }),
])

export type TakenStep = z.output<typeof TakeStep>

/** Going past a step, or leaving the whole for later. */
export const SkipOrPostpone = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("skip"), org, step }),
  z.object({ intent: z.literal("later"), org }),
])

/** What `PATCH /api/onboarding/progress` takes: a step and its state, or `postponed: true`. */
export const ChangeProgress = z.union(
  [
    z.strictObject({ org, step, state: z.enum(["done", "skipped"]) }),
    z.strictObject({ org, postponed: z.literal(true) }),
  ],
  "Give org with step and state (done or skipped), or org with postponed: true.",
)
