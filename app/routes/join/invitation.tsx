import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData, useSearchParams } from "@remix-run/react"
import { ExpiredInvitation } from "~/components/expired-invitation"
import { InvitationCard } from "~/components/invitation-card"
import { InvitationFailure } from "~/components/invitation-failure"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { acceptByLink } from "~/domain/onboarding/accept-invitation.server"
import { AcceptInvitation } from "~/domain/onboarding/schemas"
import { type OpenInvitation, viewInvitation } from "~/domain/onboarding/view-invitation.server"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession, sessionTokenOf } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Invitation", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const signedIn = optionalSession(request)
  const view = await viewInvitation(token, signedIn)
  if (view.state === "used" && view.slug) throw redirect(paths.organization.overview(view.slug))
  return data({ view, signedInAs: signedIn?.email }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, AcceptInvitation)
  if (!form.ok) return refuse(form)
  const { token, name, anyway } = form.value
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const accepted = await acceptByLink({
    token,
    name,
    // "Anyway" is the choice, on the page that names both addresses, to go on as the one invited.
    signedIn: anyway ? undefined : optionalSession(request),
    requester,
    previousSessionToken: sessionTokenOf(request),
    seatsOf: seatLimitOf,
  })
  if (!accepted.ok) return data({ refused: accepted.error }, { status: 410 })
  await forgiveCheck(requester.clientAddress)
  const { slug, sessionToken } = accepted.value
  const destination = paths.organization.overview(slug)
  return sessionToken ? signedInResponse(sessionToken, destination) : redirect(destination, 303)
}

export default function InvitationPage() {
  const { view, signedInAs } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = answer && "refused" in answer ? answer.refused : undefined
  if (refused === "expired" || view.state === "expired") {
    return <ExpiredInvitation {...(view.state === "expired" ? view : {})} />
  }
  if (refused) return <InvitationFailure why={refused} />
  if (view.state !== "open") return <InvitationFailure why={view.state} />
  const problem: FormProblem | undefined = answer && !("refused" in answer) ? answer : undefined
  return <Answer view={view} signedInAs={signedInAs} problem={problem} />
}

type AnswerProps = { view: OpenInvitation; signedInAs: string | undefined; problem: FormProblem | undefined }

function Answer({ view, signedInAs, problem }: AnswerProps) {
  const token = useSearchParams()[0].get("token") ?? ""
  const { organizationName, maskedEmail, otherPerson, asksName } = view
  return (
    <PublicPage title={`Join ${organizationName}`} lead={`This invitation is for ${maskedEmail}.`}>
      <div className="flex flex-col gap-6">
        <InvitationCard {...view} />
        {otherPerson && (
          <Banner tone="warn">
            You are signed in here as {signedInAs}. The invitation is for {maskedEmail}; accepting it signs{" "}
            {signedInAs} out of this browser.
          </Banner>
        )}
        <Form problem={problem} action={paths.invitation(token)} reloadDocument>
          <input type="hidden" name="token" value={token} />
          {otherPerson && <input type="hidden" name="anyway" value="yes" />}
          {asksName && (
            <Field name="name" label="Your name" hint="The people there will see it." optional>
              <TextInput autoComplete="name" maxLength={80} />
            </Field>
          )}
          <Button size="large" wide pendingLabel="Joining…">
            {otherPerson ? "Switch and accept" : "Accept invitation"}
          </Button>
        </Form>
        {otherPerson && (
          <ButtonLink kind="quiet" wide to={paths.start()}>
            Stay signed in here
          </ButtonLink>
        )}
      </div>
    </PublicPage>
  )
}
