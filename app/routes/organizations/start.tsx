import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { JoinableOrganizations } from "~/components/joinable-organizations"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { ExpiredInvitations, WaitingInvitations } from "~/components/waiting-invitations"
import { lacksPassword } from "~/domain/accounts/password.server"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { acceptSignedIn } from "~/domain/onboarding/accept-invitation.server"
import { invitationTroubles } from "~/domain/onboarding/invitation-troubles"
import type { InvitationView } from "~/domain/organizations/invitations.server"
import { joinableBy } from "~/domain/organizations/join-by-domain.server"
import { membershipsOf } from "~/domain/organizations/memberships.server"
import { InvitationAct } from "~/domain/organizations/schemas"
import { expiredInvitations, pendingInvitations } from "~/domain/organizations/waiting-invitations.server"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireSession, type SignedIn } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Welcome", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = requireSession(request)
  const wanted = insideOnly(new URL(request.url).searchParams.get("redirectTo"))
  if (await lacksPassword(signedIn.userId)) throw redirect(paths.account.password(wanted ?? paths.start()))
  const destination = wanted ?? (await homeOf(signedIn))
  const invitations = (await pendingInvitations(signedIn.userId)).map(shown)
  if (invitations.length === 0 && destination) throw redirect(destination)
  return {
    email: signedIn.email,
    destination,
    invitations,
    joinable: await joinableBy(signedIn),
    expired: destination ? [] : (await expiredInvitations(signedIn.userId)).map(shown),
  }
}

/** The organisation used last, one that is not archived if there is one; an operator without any has the desk. */
async function homeOf({ userId, isOperator }: SignedIn): Promise<string | undefined> {
  const memberships = await membershipsOf(userId)
  const latest = memberships.find(({ organization }) => !organization.archivedAt) ?? memberships[0]
  if (latest) return paths.organization.overview(latest.organization.slug)
  return isOperator ? paths.admin.overview() : undefined
}

function shown({ id, role, organization, inviter, askedAgain }: InvitationView) {
  return { id, role, organizationName: organization.name, inviterName: inviter?.name, askedAgain }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { userId } = requireSession(request)
  const form = await readForm(request, InvitationAct)
  if (!form.ok) throw failure("invalid_input")
  const requester = requesterOf(request, context)
  const accepted = await acceptSignedIn({ ...form.value, userId, requester, seatsOf: seatLimitOf })
  if (!accepted.ok) {
    const { title, lead } = invitationTroubles[accepted.error]
    return redirectWithToast(paths.start(), { kind: "bad", words: `${title}. ${lead}` })
  }
  const { slug, organizationName } = accepted.value
  const words = `You are now a member of ${organizationName}.`
  return redirectWithToast(paths.organization.overview(slug), { kind: "good", words })
}

export default function Start() {
  const { email, destination, invitations, joinable, expired } = useLoaderData<typeof loader>()
  const notNow = destination && (
    <ButtonLink kind="quiet" to={destination}>
      Not now
    </ButtonLink>
  )
  return (
    <PublicPage {...greeting(email, { invitations, joinable, expired })} footer={notNow}>
      <div className="flex flex-col gap-4">
        <WaitingInvitations invitations={invitations} />
        <JoinableOrganizations organizations={joinable} />
        <ExpiredInvitations invitations={expired} />
      </div>
      {!destination && expired.length === 0 && <WaysOn />}
    </PublicPage>
  )
}

function greeting(email: string, { invitations, joinable, expired }: Record<string, readonly unknown[]>) {
  if (invitations?.length) {
    return {
      title: invitations.length === 1 ? "You are invited" : "You have invitations",
      lead: `For ${email}.`,
    }
  }
  if (joinable?.length) return { title: "You can join", lead: `With ${email}.` }
  if (expired?.length) return { title: "Your invitation has expired", lead: `It was for ${email}.` }
  const lead = `Someone can invite you by ${email}. Or begin one of your own.`
  return { title: "You belong to no organisation yet", lead }
}

function WaysOn() {
  return (
    <div className="mt-6 flex flex-col gap-3">
      <ButtonLink size="large" wide kind="secondary" to={paths.pricing()}>
        Choose a plan
      </ButtonLink>
      <ButtonLink size="large" wide kind="quiet" to={paths.organizations.create()}>
        Create an organisation without one
      </ButtonLink>
    </div>
  )
}
