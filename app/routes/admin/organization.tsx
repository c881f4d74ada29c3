import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { AuditTable } from "~/components/audit-table"
import { DeskArchive } from "~/components/desk-archive"
import { DeskOrganizationFacts } from "~/components/desk-organization-facts"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { TextLink } from "~/components/ui/text-link"
import { wordsOfStatus } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import { plans } from "~/domain/billing/plans"
import { latestAudit } from "~/domain/organizations/audit.server"
import { archiveByOperator, restoreByOperator } from "~/domain/organizations/desk-archive.server"
import { deskOrganization } from "~/domain/organizations/desk-organizations.server"
import { DeskOrganizationForm } from "~/domain/organizations/desk-schemas"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireOperator } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data?.organization.name ?? "Organisation", matches)

const latestLines = 10

export async function loader({ request, params }: LoaderFunctionArgs) {
  requireOperator(request)
  const organization = await organizationOf(params.organizationId)
  const { plan, status, cancelAt } = await accessOf(organization.id)
  return {
    organization,
    plan: plan && plans[plan].name,
    status: status && wordsOfStatus(status),
    endsAt: cancelAt,
    lines: await latestAudit(organization.id, latestLines),
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { userId } = requireOperator(request)
  const { id, name } = await organizationOf(params.organizationId)
  const form = await readForm(request, DeskOrganizationForm)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const page = paths.admin.organization(id)
  if (form.value.intent === "archive") {
    const archived = await archiveByOperator(userId, id, form.value.note, requester)
    const words = archived ? `${name} is archived. Its owners get a mail.` : `${name} is archived already.`
    return redirectWithToast(page, { kind: archived ? "good" : "bad", words })
  }
  const outcome = await restoreByOperator(userId, id, requester)
  return redirectWithToast(page, {
    kind: outcome === "restored" ? "good" : "bad",
    words: said[outcome](name),
  })
}

const said = {
  restored: (name: string) => `${name} is restored. Its owners get a mail.`,
  still_archived: (name: string) => `Your hold is lifted, but ${name} stays archived for another reason.`,
  not_archived: (name: string) => `No operator has archived ${name}.`,
}

async function organizationOf(id = "") {
  const organization = await deskOrganization(id)
  if (!organization) throw failure("not_found")
  return organization
}

export default function AdminOrganization() {
  const { organization, plan, status, endsAt, lines } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title={organization.name}
      lead={`An organisation at ${paths.organization.overview(organization.slug)}.`}
    >
      <Card
        title="How it stands"
        footer={<TextLink to={paths.admin.organizationBilling(organization.id)}>Why its plan is so</TextLink>}
      >
        <DeskOrganizationFacts organization={organization} plan={plan} status={status} endsAt={endsAt} />
      </Card>
      <DeskArchive
        name={organization.name}
        archived={organization.holds.some(({ because }) => because === "operator")}
        problem={useActionData<typeof action>()}
      />
      <Card title="Latest in its audit log" flush>
        <AuditTable
          lines={lines}
          empty={<EmptyState title="Nothing yet">What happens there shows here.</EmptyState>}
        />
      </Card>
    </AppPage>
  )
}
