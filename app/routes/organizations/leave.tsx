import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { leaveOrganization } from "~/domain/organizations/leave.server"
import { readMember } from "~/domain/organizations/member.server"
import { joinableDomainOf } from "~/domain/organizations/own-domain.server"
import { can } from "~/domain/organizations/roles"
import { touchRefusals } from "~/domain/organizations/touched-member.server"
import { failure } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Leave", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, undefined, {
    whileArchived: "everyone",
  })
  const you = await readMember(membership, membership.id)
  if (!you) throw failure("not_found")
  const { slug, name, archivedAt } = membership.organization
  const mayClose = can(membership.role, "organization.close")
  const stay = archivedAt ? paths.organization.overview(slug) : paths.organization.member(slug, membership.id)
  const domain = await joinableDomainOf(membership)
  const { isOnlyOwner, apiKeys } = you
  return { slug, name, stay, isOnlyOwner, apiKeys, isArchived: archivedAt !== null, mayClose, domain }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, undefined, {
    whileArchived: "everyone",
  })
  const left = await leaveOrganization(membership, requesterOf(request, context))
  if (left.ok) {
    const words = `You have left ${membership.organization.name}.`
    return redirectWithToast(paths.start(), { kind: "good", words })
  }
  if (left.error === "not_found") throw failure("not_found")
  const problem: FormProblem = { message: touchRefusals.last_owner }
  return data(problem, { status: 409 })
}

export default function LeavePage() {
  const page = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  return (
    <AppPage title={`Leave ${page.name}`}>
      {page.isOnlyOwner ? <HandOverFirst {...page} /> : <Question {...page} problem={problem} />}
    </AppPage>
  )
}

type Props = ReturnType<typeof useLoaderData<typeof loader>>

function HandOverFirst({ slug, name, isArchived, mayClose }: Props) {
  return (
    <Card
      title="You are the only owner"
      lead={`Without you, nobody could look after ${name}. Hand it over to someone else first, or close it.`}
    >
      <div className="flex flex-wrap gap-3">
        {!isArchived && <ButtonLink to={paths.organization.transfer(slug)}>Hand it over</ButtonLink>}
        {mayClose && (
          <ButtonLink kind="secondary" to={paths.organization.danger(slug)}>
            Close it
          </ButtonLink>
        )}
      </div>
    </Card>
  )
}

function Question({ name, stay, domain, apiKeys, problem }: Props & { problem?: FormProblem }) {
  const back = domain
    ? `You can come back as a member for as long as ${name} lets people of ${domain} join.`
    : "To come back, you need someone to invite you."
  const keys = apiKeys > 0 ? " The API keys you made end." : ""
  return (
    <Card
      title="What happens"
      lead={`You can no longer open ${name}, at once. What you did there stays.${keys} ${back}`}
    >
      <Form problem={problem}>
        <div className="flex flex-wrap gap-3">
          <Button kind="danger" pendingLabel="Leaving…">
            Leave the organisation
          </Button>
          <ButtonLink kind="quiet" to={stay}>
            Stay
          </ButtonLink>
        </div>
      </Form>
    </Card>
  )
}
