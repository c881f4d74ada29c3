import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { InviteFields } from "~/components/invite-fields"
import { type InviteLine, InviteLines } from "~/components/invite-lines"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { revokeInvitation } from "~/domain/organizations/invitations.server"
import { invite, inviteRefusals, resendInvitation } from "~/domain/organizations/invite.server"
import { grantableBy } from "~/domain/organizations/roles"
import { InvitationForm } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import type { FormProblem } from "~/lib/form-problem"
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
  switch (form.value.intent) {
    case "invite": {
      const invited = await invite(membership, form.value, inviting)
      return invited.ok
        ? data({ lines: invited.value })
        : refuse(form, { message: inviteRefusals[invited.error] })
    }
    case "resend": {
      const again = await resendInvitation(membership, form.value.invitationId, inviting)
      if (!again.ok) throw failure("not_found")
      return data({ lines: [again.value] })
    }
    case "revoke": {
      const revoked = await revokeInvitation(membership, form.value.invitationId, requester)
      if (!revoked.ok) throw failure("not_found")
      const words = `The invitation for ${revoked.value.email} is withdrawn.`
      return redirectWithToast(paths.organization.members(membership.organization.slug), {
        kind: "good",
        words,
      })
    }
  }
}

export default function Invitations() {
  const { slug, name, grantable } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const lines: InviteLine[] | undefined = answer && "lines" in answer ? answer.lines : undefined
  const problem: FormProblem | undefined = answer && !("lines" in answer) ? answer : undefined
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
        {/* A list that went through leaves an empty form behind. */}
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
