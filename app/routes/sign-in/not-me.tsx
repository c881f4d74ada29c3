import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { lockOut, viewNotMe } from "~/domain/sign-in/not-me.server"
import { readForm } from "~/http/forms.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("This wasn’t me", matches)

const NotMe = z.object({ token: z.string().max(200) })

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const view = await viewNotMe(token)
  return data({ view, token }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, NotMe)
  if (!form.ok) return data({ end: "invalid" as const }, { status: 400 })
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const locked = await lockOut(form.value.token, requester)
  if (!locked.ok) return data({ end: locked.error }, { status: 410 })
  await forgiveCheck(requester.clientAddress)
  return data({ end: "done" as const }, { status: 200 })
}

export default function NotMePage() {
  const { view, token } = useLoaderData<typeof loader>()
  const end = useActionData<typeof action>()?.end ?? (view.state === "open" ? undefined : view.state)
  if (end) return <End {...ends[end]} />
  return (
    <PublicPage
      title="This wasn’t me"
      lead={
        <>
          Every device of {view.state === "open" && view.email} is signed out, every open sign-in link stops
          working, and every API key made in your name is revoked. You sign in again with a fresh link.
        </>
      }
    >
      <Form action={paths.notMe(token)} reloadDocument>
        <input type="hidden" name="token" value={token} />
        <Button size="large" wide kind="danger" pendingLabel="One moment…">
          Sign everybody out
        </Button>
      </Form>
    </PublicPage>
  )
}

const done = {
  title: "Everybody is signed out",
  lead: "Now sign in yourself, and take away every password, passkey and connection you do not know. If somebody else reads your mail, change the password of your mailbox first.",
}

const ends = {
  done,
  used: done,
  expired: {
    title: "This link has expired",
    lead: "Sign in, and end what you do not know under Devices.",
  },
  invalid: {
    title: "This link does not work",
    lead: "It may have been cut in half on its way. Sign in, and end what you do not know under Devices.",
  },
} as const

function End({ title, lead }: { title: string; lead: string }) {
  return (
    <PublicPage title={title} lead={lead}>
      <div className="flex justify-center">
        <ButtonLink to={paths.signIn.start(paths.account.security())}>Sign in</ButtonLink>
      </div>
    </PublicPage>
  )
}
