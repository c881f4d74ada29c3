import type { LoaderFunctionArgs } from "@remix-run/node"
import { Form, type MetaFunction, useLoaderData } from "@remix-run/react"
import { MembersTable } from "~/components/members-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PendingInvitations } from "~/components/pending-invitations"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { TextInput } from "~/components/ui/text-input"
import { seatWords } from "~/domain/billing/seat-words"
import { seatsOf } from "~/domain/billing/seats.server"
import { listInvitations } from "~/domain/organizations/invitations.server"
import { listMembers, membersPerPage } from "~/domain/organizations/members.server"
import { can } from "~/domain/organizations/roles"
import { requireMembership } from "~/http/guards.server"
import { pageOf, placeOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Members", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug)
  const { page, search } = pageOf(request)
  const { members, total } = await listMembers(membership, { page, search })
  const mayInvite = can(membership.role, "invitations.manage")
  const invitations = mayInvite && (await listInvitations(membership, placeOf(request, "invited")))
  return {
    slug: membership.organization.slug,
    name: membership.organization.name,
    mayInvite,
    mayManage: can(membership.role, "members.manage"),
    members,
    total,
    page,
    pages: Math.max(1, Math.ceil(total / membersPerPage)),
    search,
    seats: await seatsOf(membership),
    invitations: invitations || undefined,
  }
}

export default function Members() {
  const { slug, name, mayInvite, mayManage, invitations, seats, ...list } = useLoaderData<typeof loader>()
  const { members, total, page, pages, search } = list
  return (
    <AppPage
      title="Members"
      lead={`The people who work in ${name}.${seats.limit === null ? "" : ` Seats: ${seatWords(seats)}.`}`}
      action={mayInvite && <ButtonLink to={paths.organization.invitations(slug)}>Invite people</ButtonLink>}
    >
      {(pages > 1 || search) && <Search search={search} />}
      <Card flush>
        <MembersTable slug={slug} members={members} search={search} mayManage={mayManage} />
      </Card>
      {pages > 1 && <Pages {...{ page, pages, total, search }} />}
      {invitations && <PendingInvitations slug={slug} invitations={invitations} />}
    </AppPage>
  )
}

function Search({ search }: { search: string }) {
  return (
    <Form role="search" className="flex max-w-md items-end gap-2">
      <div className="flex-1">
        <Field name="search" label="Find someone" hideLabel>
          <TextInput type="search" defaultValue={search} placeholder="Name or address" />
        </Field>
      </div>
      <Button kind="secondary">Find</Button>
    </Form>
  )
}

function Pages({
  page,
  pages,
  total,
  search,
}: {
  page: number
  pages: number
  total: number
  search: string
}) {
  const to = (other: number) => `?${new URLSearchParams({ ...(search && { search }), page: String(other) })}`
  return (
    <nav aria-label="Pages" className="flex items-center justify-between text-ink-soft text-sm">
      <span>{`${total} people, page ${page} of ${pages}`}</span>
      <span className="flex gap-2">
        {page > 1 && (
          <ButtonLink kind="secondary" size="small" to={to(page - 1)}>
            Previous
          </ButtonLink>
        )}
        {page < pages && (
          <ButtonLink kind="secondary" size="small" to={to(page + 1)}>
            Next
          </ButtonLink>
        )}
      </span>
    </nav>
  )
}
