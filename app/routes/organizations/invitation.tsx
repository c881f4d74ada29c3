import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { InvitationFacts } from "~/components/invitation-facts"
import { InviteLines, inviteToast } from "~/components/invite-lines"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { readOwnInvitation, revokeInvitation } from "~/domain/organizations/invitations.server"
import { resendInvitation } from "~/domain/organizations/invite.server"
import { mayGrant } from "~/domain/organizations/roles"
import { InvitationForm } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Invitation", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "invitations.manage")
  const invitation = await readOwnInvitation(membership, params.invitationId ?? "")
  if (!invitation) throw failure("not_found")
  return {
    slug: membership.organization.slug,
    invitation,
    waits: invitation.state === "open" || invitation.state === "expired",
    mayResend: mayGrant(membership.role, invitation.role),
    mailIsSetUp: env().smtp !== undefined,
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "invitations.manage")
  const form = await readForm(request, InvitationForm)
  if (!form.ok) throw failure("invalid_input")
  const id = params.invitationId ?? ""
  const requester = requesterOf(request, context)
  const list = paths.organization.members(membership.organization.slug)
  if (form.value.intent === "revoke") {
    const revoked = await revokeInvitation(membership, id, requester)
    if (!revoked.ok) throw failure(revoked.error === "changed" ? "conflict" : "not_found")
    const words = `The invitation for ${revoked.value.email} is withdrawn.`
    return redirectWithToast(list, { kind: "good", words })
  }
  const seats = await seatLimitOf(membership.organizationId)
  const again = await resendInvitation(membership, id, { requester, seats })
  if (!again.ok) throw failure("not_found")
  // Where mail is not set up, the fresh link is shown instead of a toast.
  return "link" in again.value
    ? data({ line: again.value })
    : redirectWithToast(list, inviteToast(again.value))
}

export default function Invitation() {
  const { slug, invitation, waits, mayResend, mailIsSetUp } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <AppPage
      title="Invitation"
      lead={`For ${invitation.emailTyped}.`}
      action={
        <ButtonLink kind="secondary" to={paths.organization.members(slug)}>
          Members
        </ButtonLink>
      }
    >
      {answer && (
        <Card className="max-w-xl">
          <div role="status" className="-my-3">
            <InviteLines lines={[answer.line]} />
          </div>
        </Card>
      )}
      <Card className="max-w-xl">
        <InvitationFacts invitation={invitation} />
      </Card>
      {waits && (
        <div className="flex flex-wrap gap-3">
          {mayResend && (
            <Form action={paths.organization.invitation(slug, invitation.id)}>
              <Button name="intent" value="resend" pendingLabel="Sending…">
                {mailIsSetUp ? "Send again" : "Make a new link"}
              </Button>
            </Form>
          )}
          <Form action={paths.organization.invitation(slug, invitation.id)}>
            <Button kind="secondary" name="intent" value="revoke" pendingLabel="Withdrawing…">
              Withdraw
            </Button>
          </Form>
        </div>
      )}
    </AppPage>
  )
}
