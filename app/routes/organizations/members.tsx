import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { MemberFilters } from "~/components/member-filters"
import { MembersTable } from "~/components/members-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { PendingInvitations } from "~/components/pending-invitations"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { seatWords } from "~/domain/billing/seat-words"
import { seatsOf } from "~/domain/billing/seats.server"
import { listInvitations } from "~/domain/organizations/invitations.server"
import { listMembers } from "~/domain/organizations/members.server"
import { isRole } from "~/domain/organizations/roles"
import { requireMembership } from "~/http/guards.server"
import { placeOf, searchOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Members", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, may } = await requireMembership(request, params.slug)
  const asked = new URL(request.url).searchParams.get("role")
  const filter = { search: searchOf(request), role: isRole(asked) ? asked : undefined }
  const mayInvite = may("invitations.manage")
  const invitations = may("invitations.view")
    ? await listInvitations(membership, placeOf(request, "invited"))
    : undefined
  return {
    slug: membership.organization.slug,
    name: membership.organization.name,
    mayInvite,
    mayManage: may("members.manage"),
    filter,
    page: await listMembers(membership, filter, placeOf(request)),
    seats: await seatsOf(membership),
    invitations,
  }
}

export default function Members() {
  const { slug, name, mayInvite, mayManage, filter, page, seats, invitations } =
    useLoaderData<typeof loader>()
  const { rows, previous, next } = page
  const isLong = previous !== null || next !== null
  return (
    <AppPage
      title="Members"
      lead={`The people who work in ${name}.${seats.limit === null ? "" : ` Seats: ${seatWords(seats)}.`}`}
      action={mayInvite && <ButtonLink to={paths.organization.invitations(slug)}>Invite people</ButtonLink>}
    >
      {(isLong || filter.search || filter.role) && <MemberFilters {...filter} />}
      <Card flush>
        <MembersTable slug={slug} members={rows} search={filter.search} mayManage={mayManage} />
      </Card>
      <Pager {...{ previous, next }} label="Pages of the members" />
      {invitations && <PendingInvitations {...{ slug, invitations, mayInvite }} />}
    </AppPage>
  )
}
