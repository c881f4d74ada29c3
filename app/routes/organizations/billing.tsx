import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AdminsBilling } from "~/components/admins-billing"
import { BillingAddress } from "~/components/billing-address"
import { LatestInvoices } from "~/components/latest-invoices"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PaidTwice } from "~/components/paid-twice"
import { PlanCard } from "~/components/plan-card"
import { PlanNews } from "~/components/plan-news"
import { SeatsOver } from "~/components/seats-over"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { addressField } from "~/domain/accounts/address-field.server"
import { hearAfterPortal } from "~/domain/billing/after-portal.server"
import { billingAddressOf, changeBillingAddress } from "~/domain/billing/billing-address.server"
import { billingViewOf } from "~/domain/billing/billing-view.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { formatDuration } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, may } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  if (new URL(request.url).searchParams.get("from") === "portal") {
    if (may("billing.manage")) await hearAfterPortal(membership)
    throw redirect(paths.organization.billing(membership.organization.slug))
  }
  const view = await billingViewOf(membership)
  const address = view.mayManage ? await billingAddressOf(membership) : null
  const { slug, adminsManageBilling, archivedAt } = membership.organization
  const delegates = archivedAt === null && may("billing.delegate")
  return { slug, view, address, delegates, adminsManageBilling }
}

const ChangeAddress = z.object({ email: addressField.optional() })

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const form = await readForm(request, ChangeAddress)
  if (!form.ok) return refuse(form)
  const { email } = form.value
  const saved = await changeBillingAddress(membership, email, requesterOf(request, context))
  if (!saved.ok) {
    if (saved.error === "changed") throw failure("conflict")
    const wait = formatDuration(saved.error.retryAfterSeconds * 1_000)
    const words = `It was changed too often. You can try again in ${wait}.`
    return refuse(form, { fields: { email: words } }, { status: 429 })
  }
  const there = email ? `also goes to ${email.typed}` : "goes to the owners only"
  const words = saved.value.changed ? `Mail about payments ${there}.` : "Nothing has changed."
  return redirectWithToast(paths.organization.billing(membership.organization.slug), { kind: "good", words })
}

export default function Billing() {
  const { slug, view, address, delegates, adminsManageBilling } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  const hasWayOut = view.status === "incomplete_expired" || view.paying?.news?.act !== undefined
  return (
    <AppPage
      title="Billing"
      lead={
        view.mayManage
          ? "The plan, when it is paid next, and everything about paying."
          : "The plan. Owners can change it."
      }
      action={view.hasCustomer && <PortalButton slug={slug} quiet={hasWayOut} />}
    >
      <PaidTwice slug={slug} paidPlans={view.paidPlans} />
      <PlanNews slug={slug} view={view} />
      <SeatsOver slug={slug} view={view} />
      <PlanCard slug={slug} view={view} />
      {view.paying && <LatestInvoices slug={slug} invoices={view.paying.latest} />}
      {view.mayManage && <BillingAddress address={address} problem={problem} />}
      {delegates && <AdminsBilling slug={slug} allowed={adminsManageBilling} />}
    </AppPage>
  )
}

/** The main button of the page, unless something is wrong: then the way out is. */
function PortalButton({ slug, quiet }: { slug: string; quiet: boolean }) {
  return (
    <Form action={paths.organization.portal(slug)}>
      <Button kind={quiet ? "quiet" : "primary"} pendingLabel="Opening…">
        Manage plan and payment
      </Button>
    </Form>
  )
}
