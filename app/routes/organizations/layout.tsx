import type { LoaderFunctionArgs } from "@remix-run/node"
import { Outlet, useLoaderData } from "@remix-run/react"
import { BillingBanner } from "~/components/billing-banner"
import { organizationNavigation } from "~/components/organization-navigation"
import { useOrganizations } from "~/components/organization-switcher"
import { AppShell } from "~/components/shell"
import { accessOf } from "~/domain/billing/access-of.server"
import { can } from "~/domain/organizations/roles"
import { requireMembership } from "~/http/guards.server"

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug)
  const { banner } = await accessOf(membership.organizationId)
  return {
    person: { name: signedIn.name, email: signedIn.email, isOperator: signedIn.isOperator },
    current: { slug: membership.organization.slug, name: membership.organization.name },
    banner,
    mayPay: can(membership.role, "billing.manage"),
    role: membership.role,
  }
}

export default function OrganizationLayout() {
  const { person, current, banner, mayPay, role } = useLoaderData<typeof loader>()
  return (
    <AppShell
      organizations={useOrganizations()}
      current={current}
      person={person}
      nav={organizationNavigation(current.slug, role)}
      banner={banner && <BillingBanner news={banner} slug={current.slug} mayPay={mayPay} />}
    >
      <Outlet />
    </AppShell>
  )
}
