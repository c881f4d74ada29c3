import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { InviteFields } from "~/components/invite-fields"
import { type InviteLine, InviteLines, inviteToast, leftOver } from "~/components/invite-lines"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import type { Requester } from "~/domain/accounts/requester"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { revokeInvitation } from "~/domain/organizations/invitations.server"
import {
  type InviteContext,
  invite,
  inviteRefusals,
  resendInvitation,
} from "~/domain/organizations/invite.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { grantableBy } from "~/domain/organizations/roles"
import { InvitationForm } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Invite people", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "invitations.manage")
  const { slug, name } = membership.organization
  return { slug, name, grantable: grantableBy(membership.role) }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "invitations.manage")
  const form = await readForm(request, InvitationForm)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const inviting = { requester, seats: await seatLimitOf(membership.organizationId) }
  if (form.value.intent === "invite") {
    const invited = await invite(membership, form.value, inviting)
    if (!invited.ok) return refuse(form, { message: inviteRefusals[invited.error] })
    return data({ lines: invited.value, role: form.value.role })
  }
  const toast =
    form.value.intent === "resend"
      ? await sendAgain(membership, form.value.invitationId, inviting)
      : await withdraw(membership, form.value.invitationId, requester)
  if ("lines" in toast) return data(toast)
  return redirectWithToast(paths.organization.members(membership.organization.slug), toast)
}

/** Where mail is not set up, the fresh link is shown instead of a toast. */
async function sendAgain(membership: Membership, invitationId: string, inviting: InviteContext) {
  const again = await resendInvitation(membership, invitationId, inviting)
  if (!again.ok) throw failure("not_found")
  return "link" in again.value ? { lines: [again.value] } : inviteToast(again.value)
}

async function withdraw(membership: Membership, invitationId: string, requester: Requester) {
  const revoked = await revokeInvitation(membership, invitationId, requester)
  if (!revoked.ok) throw failure("not_found")
  return { kind: "good" as const, words: `The invitation for ${revoked.value.email} is withdrawn.` }
}

export default function Invitations() {
  const { slug, name, grantable } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const lines: InviteLine[] | undefined = answer && "lines" in answer ? answer.lines : undefined
  const problem = answer && "lines" in answer ? leftOver(answer) : answer
  return (
    <AppPage
      title="Invite people"
      lead={`To ${name}. Each gets a mail with a link of their own.`}
      action={
        <ButtonLink kind="secondary" to={paths.organization.members(slug)}>
          Members
        </ButtonLink>
      }
    >
      {lines && (
        <Card title="What came of it" className="max-w-xl">
          <div role="status" className="-my-3">
            <InviteLines lines={lines} />
          </div>
        </Card>
      )}
      <Card className="max-w-xl">
        {/* What went through leaves the form; what did not goes back into it. */}
        <Form key={lines?.map(line => line.typed).join()} problem={problem}>
          <InviteFields roles={grantable} />
          <div className="flex flex-wrap items-center gap-4">
            <Button name="intent" value="invite" pendingLabel="Sending…">
              Send invitations
            </Button>
            <TextLink className="text-sm" to={paths.organization.roles(slug)}>
              Who may do what
            </TextLink>
          </div>
        </Form>
      </Card>
    </AppPage>
  )
}
