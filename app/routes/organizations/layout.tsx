import type { LoaderFunctionArgs } from "@remix-run/node"
import {
  type MetaFunction,
  Outlet,
  useLoaderData,
  useLocation,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react"
import type { ReactNode } from "react"
import { ArchivedPage } from "~/components/archived-page"
import { BillingBanner } from "~/components/billing-banner"
import { ClosingBanner } from "~/components/closing-banner"
import { FailureInFrame, FailurePage, failureCode } from "~/components/failure-page"
import { organizationNavigation } from "~/components/organization-navigation"
import { useOrganizations } from "~/components/own-organizations"
import { pageTitle } from "~/components/page-title"
import { AppShell } from "~/components/shell"
import { isReadOnly } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import { closingOf } from "~/domain/billing/closing.server"
import { can, mayHere, whoMay } from "~/domain/organizations/roles"
import { whyArchived } from "~/domain/organizations/why-archived.server"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"

/** The page that stands before an archived organisation has a title of its own; every other page brings one. */
export const meta: MetaFunction<typeof loader> = ({ data, error, matches }) =>
  data && failureCode(error) === "archived"
    ? pageTitle(`${data.current.name} is archived`, matches)
    : matches.flatMap(match => match.meta)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "everyone",
  })
  const archived = (await whyArchived(membership)) ?? null
  const closed = archived?.holds.some(({ because }) => because === "closing")
  const { slug, name, logo } = membership.organization
  const { banner, level } = await accessOf(membership.organizationId)
  return {
    person: { name: signedIn.name, email: signedIn.email, isOperator: signedIn.isOperator },
    current: { slug, name, logo },
    archived,
    banner: closed ? null : banner,
    readOnly: isReadOnly(level),
    mayPay: mayHere(membership, "billing.manage"),
    whoPays: whoMay("billing.manage", membership.organization),
    closing: can(membership.role, "organization.close") ? closingOf(membership.organizationId) : null,
    role: membership.role,
  }
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>

export default function OrganizationLayout() {
  return (
    <Frame data={useLoaderData<typeof loader>()}>
      <Outlet />
    </Frame>
  )
}

/** What keeps someone from a page of their organisation keeps its frame, so that the way to the others is where it always is. */
export function ErrorBoundary() {
  const error = useRouteError()
  const data = useRouteLoaderData<typeof loader>("routes/organizations/layout")
  const code = failureCode(error)
  if (data?.archived && code === "archived") {
    return (
      <Frame data={{ ...data, banner: null }}>
        <ArchivedPage view={data.archived} act={data.banner?.act} />
      </Frame>
    )
  }
  if (data && (code === "read_only" || code === "forbidden")) {
    return (
      <Frame data={data}>
        <FailureInFrame error={error} />
      </Frame>
    )
  }
  return <FailurePage error={error} />
}

function Frame({ data, children }: { data: Data; children: ReactNode }) {
  const { person, current, archived, readOnly, banner, mayPay, whoPays, role, closing } = data
  const { pathname } = useLocation()
  const { slug } = current
  // These pages say more of it than the banner could.
  const seesClosure = pathname === paths.organization.closure(slug)
  const seesBilling =
    mayPay && [paths.organization.billing(slug), paths.organization.plan(slug)].includes(pathname)
  return (
    <AppShell
      organizations={useOrganizations()}
      current={current}
      person={person}
      nav={organizationNavigation(slug, role, { archived: archived !== null, readOnly, mayPay })}
      banner={
        closing?.state === "waiting" && !seesClosure ? (
          <ClosingBanner slug={slug} {...closing} />
        ) : (
          banner && !seesBilling && <BillingBanner news={banner} {...{ slug, mayPay, whoPays }} />
        )
      }
    >
      {children}
    </AppShell>
  )
}
