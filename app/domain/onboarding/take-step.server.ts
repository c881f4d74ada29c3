import { renamePerson } from "~/domain/accounts/profile.server"
import { type Change, keepInviting, markStep, settleProgress } from "~/domain/onboarding/progress.server"
import type { TakenStep } from "~/domain/onboarding/schemas"
import { type InviteLine, type InviteRefusal, invite } from "~/domain/organizations/invite.server"
import { isRefused } from "~/domain/organizations/invite-outcome"
import type { Membership } from "~/domain/organizations/memberships.server"
import { renameOrganization } from "~/domain/organizations/organizations.server"
import type { InviteContext } from "~/domain/organizations/send-invitation.server"
import { ok, type Result } from "~/lib/result"

/** `lines` is what came of each address, for the step that invites. */
export type StepTaken = Change & { lines?: InviteLine[] }

/** Does what a step of the guided set-up is about, by the same functions as the pages elsewhere. Fails as inviting does. */
export async function takeStep(
  membership: Membership,
  taken: TakenStep,
  context: InviteContext,
): Promise<Result<StepTaken, InviteRefusal>> {
  switch (taken.step) {
    case "profile":
      await renamePerson(membership.userId, taken.name)
      return ok(await settleProgress(membership))
    case "workspace": {
      const renamed = await renameOrganization(membership, taken.name, context.requester)
      if (!renamed.ok) return renamed
      const marked = await markStep(membership, "workspace", "done")
      if (!marked.ok) throw new Error("Confirming the name was not taken as confirming it.")
      return ok(marked.value)
    }
    case "invite_member": {
      const invited = await invite(membership, taken, context)
      if (!invited.ok) return invited
      const settled = invited.value.some(isRefused) ? keepInviting(membership) : settleProgress(membership)
      return ok({ ...(await settled), lines: invited.value })
    }
  }
}
