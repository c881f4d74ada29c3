import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { undoEmailChange, viewUndo } from "~/domain/accounts/email-change-undo.server"
import { followPerson } from "~/domain/billing/person-address.server"
import { mergePerson } from "~/domain/billing/person-merge.server"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { readForm } from "~/http/forms.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Take your address back", matches)

const Undo = z.object({ token: z.string().max(200) })

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const view = await viewUndo(token)
  return data({ view, token }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Undo)
  if (!form.ok) return data({ end: "invalid" as const }, { status: 400 })
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const along = { follow: followPerson, merge: mergePerson }
  const undone = await undoEmailChange(form.value.token, { requester, ...along })
  if (!undone.ok) return data({ end: undone.error }, { status: 410 })
  await forgiveCheck(requester.clientAddress)
  return data({ end: "done" as const }, { status: 200 })
}

export default function EmailUndo() {
  const { view, token } = useLoaderData<typeof loader>()
  const end = useActionData<typeof action>()?.end
  if (end) return <End {...ends[end]} />
  if (view.state !== "open") return <End {...ends.invalid} />
  return (
    <PublicPage
      title="Take your address back"
      lead={
        <>
          The account goes back from {view.to} to <strong className="break-all text-ink">{view.from}</strong>.
          Every device is signed out, and passwords, passkeys and other ways in that were set up since are
          taken away.
        </>
      }
    >
      <Form action={paths.account.emailUndo(token)} reloadDocument>
        <input type="hidden" name="token" value={token} />
        <Button size="large" wide kind="danger" pendingLabel="One moment…">
          Take it back
        </Button>
      </Form>
    </PublicPage>
  )
}

const ends = {
  done: {
    title: "Your address is back",
    lead: "Everybody was signed out. Sign in with it now, and look at what guards your account.",
    button: "Sign in",
  },
  taken: {
    title: "This cannot be taken back here",
    lead: "Another account uses that address by now. Ask the person who runs this site.",
    button: "Go to sign-in",
  },
  invalid: {
    title: "This link does not work",
    lead: "A change of address can be taken back for 7 days, once. If you cannot sign in, ask the person who runs this site.",
    button: "Go to sign-in",
  },
} as const

function End({ title, lead, button }: { title: string; lead: string; button: string }) {
  return (
    <PublicPage title={title} lead={lead}>
      <div className="flex justify-center">
        <ButtonLink to={paths.signIn.start(paths.account.security())}>{button}</ButtonLink>
      </div>
    </PublicPage>
  )
}
