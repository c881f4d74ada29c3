import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { BillingAddress } from "~/components/billing-address"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PaidTwice } from "~/components/paid-twice"
import { PlanFacts } from "~/components/plan-facts"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import { addressField } from "~/domain/accounts/address-field.server"
import { billingAddressOf, changeBillingAddress } from "~/domain/billing/billing-address.server"
import { billingViewOf } from "~/domain/billing/billing-view.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { formatDuration } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  const view = await billingViewOf(membership)
  const address = view.mayManage ? await billingAddressOf(membership) : null
  return { slug: membership.organization.slug, view, address }
}

const ChangeAddress = z.object({ email: addressField.optional() })

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const form = await readForm(request, ChangeAddress)
  if (!form.ok) return refuse(form)
  const { email } = form.value
  const saved = await changeBillingAddress(membership, email, requesterOf(request, context))
  if (!saved.ok) {
    const wait = formatDuration(saved.error.retryAfterSeconds * 1_000)
    const words = `It was changed too often. You can try again in ${wait}.`
    return refuse(form, { fields: { email: words } }, { status: 429 })
  }
  const there = email ? `also goes to ${email.typed}` : "goes to the owners only"
  const words = saved.value.changed ? `Mail about payments ${there}.` : "Nothing has changed."
  return redirectWithToast(paths.organization.billing(membership.organization.slug), { kind: "good", words })
}

export default function Billing() {
  const { slug, view, address } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  return (
    <AppPage
      title="Billing"
      lead={
        view.mayManage
          ? "The plan, when it is paid next, and everything about paying."
          : "The plan. Owners can change it."
      }
      action={view.mayManage && view.hasCustomer && <PortalButton slug={slug} />}
    >
      <PaidTwice slug={slug} paidPlans={view.paidPlans} />
      {view.details?.endsAt && (
        <Banner tone="warn" title="The plan is set to end">
          It ends on <Time at={view.details.endsAt} show="date" />. Until then, nothing changes.
        </Banner>
      )}
      <Card>
        {view.status === null ? <NoPlan slug={slug} mayManage={view.mayManage} /> : <PlanFacts view={view} />}
      </Card>
      {view.mayManage && (view.status === "canceled" || view.status === "incomplete_expired") && (
        <ButtonLink kind="secondary" to={paths.pricing({ org: slug })}>
          See the plans
        </ButtonLink>
      )}
      {view.mayManage && <BillingAddress address={address} problem={problem} />}
    </AppPage>
  )
}

function PortalButton({ slug }: { slug: string }) {
  return (
    <Form action={paths.organization.portal(slug)}>
      <Button pendingLabel="Opening…">Manage plan and payment</Button>
    </Form>
  )
}

function NoPlan({ slug, mayManage }: { slug: string; mayManage: boolean }) {
  return (
    <EmptyState
      title="No plan yet"
      action={mayManage && <ButtonLink to={paths.pricing({ org: slug })}>See the plans</ButtonLink>}
    >
      A plan gives this organisation more seats. {mayManage ? "" : "An owner can choose one."}
    </EmptyState>
  )
}
