import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData, useSearchParams } from "@remix-run/react"
import { z } from "zod"
import { LinkFailure } from "~/components/link-failure"
import { NewPassword } from "~/components/new-password"
import { OtherPerson, StaySignedIn } from "~/components/other-person"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { chosenPassword } from "~/domain/accounts/password-fields"
import { flawWords } from "~/domain/accounts/password-rules"
import { countCheck, forgiveRequestedLink } from "~/domain/sign-in/check-limit.server"
import { resetPassword, viewReset } from "~/domain/sign-in/password-reset.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { requirePasswords, tooBusy } from "~/http/passwords.server"
import { attemptOf, onward, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Choose a new password", matches)

const Reset = z.object({
  token: z.string().max(200),
  password: chosenPassword,
  anyway: z.literal("yes").optional(),
})

export async function loader({ request }: LoaderFunctionArgs) {
  requirePasswords()
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const signedIn = optionalSession(request)
  const view = await viewReset(token, signedIn)
  return data({ view, signedInAs: signedIn?.email }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  requirePasswords()
  const form = await readForm(request, Reset)
  if (!form.ok) return refuse(form)
  const { token, anyway } = form.value
  const attempt = attemptOf(request, context)
  const view = await viewReset(token, optionalSession(request))
  if (view.state === "open" && view.otherPerson && !anyway) throw redirect(paths.signIn.reset(token))
  const allowed = await countCheck(attempt.requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const reset = await resetPassword(form.value, attempt)
  // Only a link that is none was a guess.
  if (reset.ok || reset.error === "busy" || "password" in reset.error)
    await forgiveRequestedLink(attempt.requester.clientAddress)
  if (reset.ok) return signedInResponse(reset.value.entry, onward(reset.value.redirectTo))
  if (reset.error === "busy") throw tooBusy()
  if ("password" in reset.error)
    return refuse(form, { fields: { password: flawWords[reset.error.password] } })
  return data({ failure: reset.error.link }, { status: 410 })
}

export default function ResetPage() {
  const { view, signedInAs } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const again = <ButtonLink to={paths.signIn.forgotten()}>Ask for a new link</ButtonLink>
  const refused = answer && "failure" in answer ? answer.failure : undefined
  if (refused && refused !== "expired") return <LinkFailure state={refused} action={again} />
  if (view.state === "expired")
    return <LinkFailure state="expired" renewal={{ ...view, action: paths.signIn.forgotten() }} />
  if (view.state !== "open") return <LinkFailure state={view.state} action={again} />
  const problem: FormProblem | undefined = answer && !("failure" in answer) ? answer : undefined
  return <Choose {...view} signedInAs={signedInAs} problem={problem} />
}

type Props = { maskedEmail: string; otherPerson: boolean; signedInAs?: string; problem?: FormProblem }

function Choose({ maskedEmail, otherPerson, signedInAs, problem }: Props) {
  const token = useSearchParams()[0].get("token") ?? ""
  return (
    <PublicPage
      title="Choose a new password"
      lead={`For ${maskedEmail}. You are then signed in here, and signed out everywhere else.`}
    >
      {otherPerson && (
        <div className="mb-6">
          <OtherPerson signedInAs={signedInAs} linkIsFor={maskedEmail} />
        </div>
      )}
      <Form action={paths.signIn.reset(token)} problem={problem} reloadDocument>
        <input type="hidden" name="token" value={token} />
        {otherPerson && <input type="hidden" name="anyway" value="yes" />}
        <NewPassword label="New password" autoFocus={!otherPerson} />
        <Button size="large" wide pendingLabel="Saving…">
          Save and sign in
        </Button>
      </Form>
      {otherPerson && <StaySignedIn as={signedInAs} />}
    </PublicPage>
  )
}
