import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { LinkFailure, type LinkFailureState } from "~/components/link-failure"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { confirmEmailChange, viewEmailChange } from "~/domain/accounts/email-change.server"
import { followPerson } from "~/domain/billing/person-address.server"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { readForm } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Confirm your address", matches)

const Confirm = z.object({ token: z.string().max(200) })

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const view = await viewEmailChange(token)
  return data({ view, token }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Confirm)
  if (!form.ok) return data({ end: "invalid" as const }, { status: 400 })
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const session = optionalSession(request)
  const { token } = form.value
  const changed = await confirmEmailChange(token, {
    requester,
    sessionId: session?.sessionId,
    follow: followPerson,
  })
  if (!changed.ok) return data({ end: changed.error }, { status: 410 })
  await forgiveCheck(requester.clientAddress)
  if (session?.userId !== changed.value.userId) return data({ end: "done" as const }, { status: 200 })
  return redirectWithToast(paths.account.email(), { kind: "good", words: "Your address is changed." })
}

export default function EmailConfirmation() {
  const { view, token } = useLoaderData<typeof loader>()
  const end = useActionData<typeof action>()?.end
  if (end === "done") return <Done />
  if (end === "taken") return <Taken />
  if (end) return <NoLink state={end} />
  if (view.state !== "open") return <NoLink state={view.state} />
  return (
    <PublicPage
      title="Confirm your new address"
      lead={
        <>
          The account of {view.from} gets the address{" "}
          <strong className="break-all text-ink">{view.to}</strong>. You sign in with it from then on, and
          other devices are signed out.
        </>
      }
    >
      <Form action={paths.account.emailConfirmation(token)} reloadDocument>
        <input type="hidden" name="token" value={token} />
        <Button size="large" wide pendingLabel="One moment…">
          Use this address
        </Button>
      </Form>
    </PublicPage>
  )
}

function NoLink({ state }: { state: LinkFailureState }) {
  return (
    <LinkFailure state={state} action={<ButtonLink to={paths.account.email()}>Your address</ButtonLink>} />
  )
}

function Done() {
  return (
    <PublicPage title="Your address is changed" lead="You sign in with it from now on.">
      <div className="flex justify-center">
        <ButtonLink to={paths.signIn.start()}>Sign in</ButtonLink>
      </div>
    </PublicPage>
  )
}

function Taken() {
  return (
    <PublicPage
      title="This address has an account"
      lead="It was made after you asked. Nothing was changed: sign in with that account, or choose another address."
    >
      <div className="flex justify-center">
        <ButtonLink to={paths.account.email()}>Choose another</ButtonLink>
      </div>
    </PublicPage>
  )
}
