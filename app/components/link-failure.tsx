import type { ReactNode } from "react"
import { AutoSubmit } from "~/components/auto-submit"
import { PublicPage } from "~/components/page"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { paths } from "~/lib/paths"

export type LinkFailureState = "invalid" | "expired" | "used" | "disabled" | "elsewhere"

type Props = {
  state: LinkFailureState
  /** Where a fresh link is asked for, for an expired one that can be renewed. */
  renewal?: { action: string; handle: string; maskedEmail: string; renewed: boolean }
  /** Another way on than the sign-in page. */
  action?: ReactNode
}

const said: Record<LinkFailureState, { title: string; lead: string }> = {
  invalid: {
    title: "This link does not work",
    lead: "It may have been cut in half on its way. Open it once more from the mail, or ask for a new one.",
  },
  expired: {
    title: "This link has expired",
    lead: "Links live a short time, so that an old mail opens no doors. Ask for a new one.",
  },
  used: {
    title: "This link has been used already",
    lead: "Each link works once. If you are not signed in, ask for a new one.",
  },
  disabled: {
    title: "This account is shut",
    lead: "You cannot sign in with it at the moment. Ask the person who runs this site.",
  },
  elsewhere: {
    title: "Type the code instead",
    lead: "This link was opened on another device and another network than it was asked for. Go back to where you asked, and type the code from the mail there.",
  },
}

/** The page of a link that opens nothing: what is the matter, and a way on [L7]. */
export function LinkFailure({ state, renewal, action }: Props) {
  if (state === "expired" && renewal) return <Renewal {...renewal} />
  return (
    <PublicPage title={said[state].title} lead={said[state].lead}>
      <div className="flex justify-center">
        {action ?? <ButtonLink to={paths.signIn.start()}>Ask for a new link</ButtonLink>}
      </div>
    </PublicPage>
  )
}

/** Asks, from this browser, for a fresh link in place of one that is good elsewhere only. */
export function FreshLinkHere({ handle }: { handle: string }) {
  return (
    <Form action={paths.signIn.renewal()} reloadDocument>
      <input type="hidden" name="handle" value={handle} />
      <Button pendingLabel="Sending…">Send a fresh mail for this browser</Button>
    </Form>
  )
}

function Renewal({ action, handle, maskedEmail, renewed }: NonNullable<Props["renewal"]>) {
  if (renewed) {
    return (
      <PublicPage
        title={said.expired.title}
        lead={`A fresh one was sent to ${maskedEmail} when this was opened before. Look for the newest mail.`}
      >
        <div className="flex justify-center">
          <ButtonLink kind="secondary" to={paths.signIn.start()}>
            Start again
          </ButtonLink>
        </div>
      </PublicPage>
    )
  }
  return (
    <PublicPage title={said.expired.title} lead={`We can send a fresh one to ${maskedEmail}.`}>
      <Form action={action} reloadDocument>
        <input type="hidden" name="handle" value={handle} />
        <AutoSubmit />
        <Button size="large" wide pendingLabel="Sending…">
          Send a fresh link
        </Button>
      </Form>
    </PublicPage>
  )
}
