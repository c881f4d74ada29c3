import { PublicPage } from "~/components/page"
import { ButtonLink } from "~/components/ui/button"

/** A sign-in that waited for its second step and no longer does. */
export function SignInOver({ again }: { again: string }) {
  return (
    <PublicPage
      title="This sign-in is over"
      lead="It took too long, or there were too many wrong codes. Nothing is lost: sign in again."
    >
      <div className="flex justify-center">
        <ButtonLink to={again}>Sign in again</ButtonLink>
      </div>
    </PublicPage>
  )
}
