import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData, useSearchParams } from "@remix-run/react"
import { LinkFailure } from "~/components/link-failure"
import { NewPassword } from "~/components/new-password"
import { OtherPerson, StaySignedIn } from "~/components/other-person"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { flawWords } from "~/domain/accounts/password-rules"
import { type ActivationView, activate, viewActivation } from "~/domain/billing/activation.server"
import { Activate } from "~/domain/billing/schemas"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession, sessionTokenOf } from "~/http/guards.server"
import { tooBusy } from "~/http/passwords.server"
import { requesterOf } from "~/http/requester.server"
import { onward, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Activate your account", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const signedIn = optionalSession(request)
  const view = await viewActivation(token, signedIn)
  if (view.state === "used" && view.byThisPerson) throw redirect(onward(view.redirectTo))
  return data({ view, signedInAs: signedIn?.email }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Activate)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const previousSessionToken = sessionTokenOf(request)
  const activated = await activate({ ...form.value, requester, previousSessionToken })
  if (!activated.ok && activated.error === "busy") throw tooBusy()
  if (!activated.ok && typeof activated.error === "object")
    return refuse(form, { fields: { password: flawWords[activated.error.password] } })
  if (!activated.ok) return data({ failure: activated.error }, { status: 410 })
  await forgiveCheck(requester.clientAddress)
  return signedInResponse(activated.value.entry, onward(activated.value.redirectTo))
}

export default function ActivatePage() {
  const { view, signedInAs } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = answer && "failure" in answer ? answer.failure : undefined
  if (refused && refused !== "expired") return <Failure state={refused} />
  if (view.state === "expired") {
    return <LinkFailure state="expired" renewal={{ ...view, action: paths.activation.resend() }} />
  }
  if (view.state !== "open") return <Failure state={view.state} />
  const problem = answer && !("failure" in answer) ? answer : undefined
  return <Welcome view={view} signedInAs={signedInAs} problem={problem} />
}

function Failure({ state }: { state: "invalid" | "used" | "expired" | "disabled" }) {
  const action =
    state === "invalid" ? (
      <ButtonLink to={paths.activation.resend()}>Have the mail sent again</ButtonLink>
    ) : undefined
  return <LinkFailure state={state} action={action} />
}

type WelcomeProps = {
  view: Extract<ActivationView, { state: "open" }>
  signedInAs?: string
  problem?: FormProblem
}

function Welcome({ view, signedInAs, problem }: WelcomeProps) {
  const token = useSearchParams()[0].get("token") ?? ""
  const { email, name, organizationName, otherPerson, asksPassword } = view
  return (
    <PublicPage
      title={organizationName ? `Welcome to ${organizationName}` : "Welcome"}
      lead={`One thing before you start. This account is for ${email}.`}
    >
      {otherPerson && (
        <div className="mb-6">
          <OtherPerson signedInAs={signedInAs} linkIsFor={email} />
        </div>
      )}
      <Form action={paths.activation.link(token)} problem={problem} reloadDocument>
        <input type="hidden" name="token" value={token} />
        <Field name="name" label="Your name" hint="Shown to the people you work with.">
          <TextInput autoComplete="name" required maxLength={80} defaultValue={name} autoFocus />
        </Field>
        {asksPassword && <NewPassword label="Choose a password" />}
        <Button size="large" wide pendingLabel="One moment…">
          Start
        </Button>
      </Form>
      {otherPerson && <StaySignedIn as={signedInAs} />}
    </PublicPage>
  )
}
