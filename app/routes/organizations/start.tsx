import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { Form, type MetaFunction, useLoaderData } from "@remix-run/react"
import { InvitationCard } from "~/components/invitation-card"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { acceptSignedIn } from "~/domain/onboarding/accept-invitation.server"
import { invitationTroubles } from "~/domain/onboarding/invitation-troubles"
import { pendingInvitations } from "~/domain/organizations/invitations.server"
import { membershipsOf } from "~/domain/organizations/memberships.server"
import { InvitationAct } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Welcome", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, email, isOperator } = requireSession(request)
  const invitations = await pendingInvitations(userId)
  const memberships = await membershipsOf(userId)
  const latest = memberships.find(({ organization }) => !organization.archivedAt) ?? memberships[0]
  const home = latest
    ? paths.organization.overview(latest.organization.slug)
    : isOperator && paths.admin.overview()
  const destination = insideOnly(new URL(request.url).searchParams.get("redirectTo")) ?? (home || undefined)
  if (invitations.length === 0 && destination) throw redirect(destination)
  return {
    email,
    destination,
    invitations: invitations.map(({ id, role, organization, inviter }) => {
      return { id, role, organizationName: organization.name, inviterName: inviter?.name }
    }),
  }
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
  const { email, destination, invitations } = useLoaderData<typeof loader>()
  if (invitations.length === 0) return <NoOrganization email={email} />
  return (
    <PublicPage
      title={invitations.length === 1 ? "You are invited" : "You have invitations"}
      lead={`For ${email}.`}
      footer={
        destination && (
          <ButtonLink kind="quiet" to={destination}>
            Not now
          </ButtonLink>
        )
      }
    >
      <ul className="flex flex-col gap-4">
        {invitations.map(invitation => (
          <li key={invitation.id}>
            <InvitationCard {...invitation}>
              <Form method="post">
                <input type="hidden" name="invitationId" value={invitation.id} />
                <Button wide aria-label={`Accept, join ${invitation.organizationName}`}>
                  Accept
                </Button>
              </Form>
            </InvitationCard>
          </li>
        ))}
      </ul>
      {!destination && <WaysOn />}
    </PublicPage>
  )
}

function NoOrganization({ email }: { email: string }) {
  return (
    <PublicPage
      title="You belong to no organisation yet"
      lead={`Someone can invite you by ${email}. Or begin one of your own.`}
    >
      <WaysOn />
    </PublicPage>
  )
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
