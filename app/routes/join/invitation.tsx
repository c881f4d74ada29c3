import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { ExpiredInvitation } from "~/components/expired-invitation"
import { InvitationAnswer } from "~/components/invitation-answer"
import { InvitationFailure } from "~/components/invitation-failure"
import { pageTitle } from "~/components/page-title"
import { flawWords } from "~/domain/accounts/password-rules"
import type { Requester } from "~/domain/accounts/requester"
import { signOut } from "~/domain/accounts/sign-out.server"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { acceptByLink } from "~/domain/onboarding/accept-invitation.server"
import { AcceptInvitation } from "~/domain/onboarding/schemas"
import { viewInvitation } from "~/domain/onboarding/view-invitation.server"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession, sessionTokenOf } from "~/http/guards.server"
import { tooBusy } from "~/http/passwords.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { redirectWithToast } from "~/http/toast.server"
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
  const { token, name, password, anyway } = form.value
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const accepted = await acceptByLink({
    token,
    name,
    password,
    // "Anyway" is the choice, on the page that names both addresses, to go on as the one invited.
    signedIn: anyway ? undefined : optionalSession(request),
    requester,
    previousSessionToken: sessionTokenOf(request),
    seatsOf: seatLimitOf,
  })
  if (!accepted.ok && accepted.error === "sign_in_first" && anyway) return switchPerson(request, requester)
  if (!accepted.ok && accepted.error === "busy") throw tooBusy()
  if (!accepted.ok && typeof accepted.error === "object")
    return refuse(form, { fields: { password: flawWords[accepted.error.password] } })
  if (!accepted.ok) return data({ refused: accepted.error }, { status: 410 })
  await forgiveCheck(requester.clientAddress)
  const { slug, entry } = accepted.value
  const destination = paths.organization.overview(slug)
  return entry ? signedInResponse(entry, destination) : redirect(destination, 303)
}

/** They have an account, so they come in by signing in; that shows the invitation first. */
async function switchPerson(request: Request, requester: Requester) {
  const token = sessionTokenOf(request)
  if (token) await signOut(token, requester)
  const words = "You are signed out. Sign in with the invited address, and the invitation is shown to you."
  return redirectWithToast(
    paths.signIn.start(),
    { kind: "good", words },
    { "Set-Cookie": sessionCookie.clear() },
  )
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
  return <InvitationAnswer view={view} signedInAs={signedInAs} problem={problem} />
}
