import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { paths } from "~/lib/paths"

type Props = { signedInAs?: string; linkIsFor: string }

/** Somebody else is signed in here than the one a link is for [L17]: both are named, before anything happens. */
export function OtherPerson({ signedInAs, linkIsFor }: Props) {
  return (
    <Banner tone="warn">
      You are signed in here as <strong className="break-words">{signedInAs}</strong>. This link is for{" "}
      <strong className="break-words">{linkIsFor}</strong>. Going on signs {signedInAs} out of this browser.
    </Banner>
  )
}

/** The other choice: nothing is spent, nobody is signed out. */
export function StaySignedIn({ as }: { as?: string }) {
  return (
    <ButtonLink kind="quiet" wide to={paths.start()} className="mt-3">
      <span className="min-w-0 truncate">Stay signed in as {as}</span>
    </ButtonLink>
  )
}
