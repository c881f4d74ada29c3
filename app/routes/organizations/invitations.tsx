import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { InviteFields } from "~/components/invite-fields"
import { type InviteLine, InviteLines, leftOver } from "~/components/invite-lines"
import { InviteSeats } from "~/components/invite-seats"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import { seatsLeft } from "~/domain/billing/seat-words"
import { seatLimitOf, seatsOf } from "~/domain/billing/seats.server"
import { invite, inviteRefusals } from "~/domain/organizations/invite.server"
import { grantableBy } from "~/domain/organizations/roles"
import { Invite } from "~/domain/organizations/schemas"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Invite people", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, may } = await requireMembership(request, params.slug, "invitations.manage")
  const { role, organization } = membership
  return {
    slug: organization.slug,
    name: organization.name,
    grantable: grantableBy(role),
    seats: await seatsOf(membership),
    mayPay: may("billing.manage"),
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "invitations.manage")
  const form = await readForm(request, Invite)
  if (!form.ok) return refuse(form)
  const seats = await seatLimitOf(membership.organizationId)
  const invited = await invite(membership, form.value, { requester: requesterOf(request, context), seats })
  if (!invited.ok) return refuse(form, { message: inviteRefusals[invited.error] })
  return data({ lines: invited.value, role: form.value.role })
}

export default function Invitations() {
  const { slug, name, grantable, seats, mayPay } = useLoaderData<typeof loader>()
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
        <Card title="Result" className="max-w-xl">
          <div role="status" className="-my-3">
            <InviteLines lines={lines} />
          </div>
        </Card>
      )}
      <div className="max-w-xl">
        <InviteSeats slug={slug} seats={seats} mayPay={mayPay} />
      </div>
      {(seatsLeft(seats) !== 0 || problem) && (
        <Card className="max-w-xl">
          {/* What went through leaves the form; what did not goes back into it. */}
          <Form key={lines?.map(line => line.typed).join()} problem={problem}>
            <InviteFields roles={grantable} />
            <div className="flex flex-wrap items-center gap-4">
              <Button pendingLabel="Sending…">Send invitations</Button>
              <TextLink className="text-sm" to={paths.organization.roles(slug)}>
                Who may do what
              </TextLink>
            </div>
          </Form>
        </Card>
      )}
    </AppPage>
  )
}
