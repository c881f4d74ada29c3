import type { ReactNode } from "react"
import { PublicPage } from "~/components/page"
import { ButtonLink } from "~/components/ui/button"
import { paths } from "~/lib/paths"

type Props = {
  status: number
  title?: string
  message?: string
  /** What the operator can look for in the log. */
  requestId?: string
  /** Another way on than the start page. */
  action?: ReactNode
}

const words: Record<number, { title: string; message: string }> = {
  403: {
    title: "This is not yours to open",
    message:
      "You are signed in, but this page asks for rights you do not have. An owner or admin can grant them.",
  },
  404: {
    title: "There is nothing here",
    message: "The address may be mistyped, or what stood here was moved or removed.",
  },
  429: {
    title: "That was a little too often",
    message: "Please wait a few minutes, then try again. Nothing is lost.",
  },
}

const fault = {
  title: "Something went wrong on our side",
  message: "Nothing you did caused this. Please try again in a moment.",
}

/** What someone sees instead of the page they asked for, with a way on. */
export function ErrorPage({ status, title, message, requestId, action }: Props) {
  const said = words[status] ?? fault
  return (
    <PublicPage
      title={title ?? said.title}
      lead={message ?? said.message}
      footer={requestId && <span>If you ask for help, name this number: {requestId}</span>}
    >
      <div className="flex justify-center">
        {action ?? <ButtonLink to={paths.home()}>Go to the start page</ButtonLink>}
      </div>
    </PublicPage>
  )
}
