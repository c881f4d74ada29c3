import type { ReactNode } from "react"
import { PublicPage } from "~/components/page"
import { ButtonLink } from "~/components/ui/button"
import { useWayIn } from "~/components/way-in"
import { paths } from "~/lib/paths"

type Props = {
  status: number
  title?: string
  message?: string
  /** After how long it is worth trying again: "6 minutes". */
  wait?: string
  /** Another way on than the start page. */
  action?: ReactNode
}

const words: Record<number, { title: string; message: string }> = {
  400: {
    title: "We could not read that",
    message: "Part of the request is missing or mistyped. Go back and try once more.",
  },
  401: {
    title: "Please sign in first",
    message: "This page belongs to someone who is signed in.",
  },
  403: {
    title: "This is not yours to open",
    message:
      "You are signed in, but this page asks for rights you do not have. Ask an owner or admin of the organisation.",
  },
  404: {
    title: "There is nothing here",
    message: "The address may be mistyped, or what stood here was moved or removed.",
  },
  409: {
    title: "This has changed in the meantime",
    message: "Someone else was faster. Look at it again, then decide.",
  },
  429: {
    title: "That was a little too often",
    message: "Please wait a few minutes, then try again. Nothing is lost.",
  },
  503: {
    title: "Not available right now",
    message: "Something we depend on does not answer. Please try again in a minute.",
  },
}

const fault = {
  title: "Something went wrong on our side",
  message: "Nothing you did caused this. Please try again in a moment.",
}

/** What the house says of a status. */
export function errorWords(status: number): { title: string; message: string } {
  return words[status] ?? fault
}

/** What someone sees instead of the page they asked for, with a way on. */
export function ErrorPage({ status, title, message, wait, action }: Props) {
  const said = errorWords(status)
  return (
    <PublicPage title={title ?? said.title} lead={message ?? said.message}>
      {wait && (
        <p className="mb-6 text-center text-ink">
          You can try again in <strong>{wait}</strong>.
        </p>
      )}
      <div className="flex justify-center">{action ?? <WayOn status={status} />}</div>
    </PublicPage>
  )
}

function WayOn({ status }: { status: number }) {
  const { signedIn } = useWayIn()
  if (status === 401) return <ButtonLink to={paths.signIn.start()}>Sign in</ButtonLink>
  return signedIn ? (
    <ButtonLink to={paths.start()}>Go to your organisation</ButtonLink>
  ) : (
    <ButtonLink to={paths.home()}>Go to the start page</ButtonLink>
  )
}
