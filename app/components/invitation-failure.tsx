import type { ReactNode } from "react"
import { PublicPage } from "~/components/page"
import { ButtonLink } from "~/components/ui/button"
import { type InvitationTrouble, invitationTroubles } from "~/domain/onboarding/invitation-troubles"
import { paths } from "~/lib/paths"

/** The page of an invitation that cannot be accepted: what is the matter, and a way on. Never towards a new organisation [O5]. */
export function InvitationFailure({ why, action }: { why: InvitationTrouble; action?: ReactNode }) {
  return (
    <PublicPage title={invitationTroubles[why].title} lead={invitationTroubles[why].lead}>
      <div className="flex justify-center">
        {action ?? (
          <ButtonLink kind="secondary" to={paths.signIn.start()}>
            Go to sign-in
          </ButtonLink>
        )}
      </div>
    </PublicPage>
  )
}
