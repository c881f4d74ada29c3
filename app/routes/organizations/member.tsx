import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { Leaving, Removal, RoleForm } from "~/components/member-acts"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Badge } from "~/components/ui/badge"
import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Time } from "~/components/ui/time"
import { changeRole } from "~/domain/organizations/change-role.server"
import { readMember } from "~/domain/organizations/member.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { aRole, grantableBy, mayGrant, roleNames } from "~/domain/organizations/roles"
import { MemberForm } from "~/domain/organizations/schemas"
import { failure, failures } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { sayTouchRefusal } from "~/http/touch-refusal.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data?.member.name || "Member", matches)

/** Everyone may open their own page; the others' are for those who look after members. */
async function open(request: Request, { slug, membershipId }: Params, permission?: "members.manage") {
  const { membership, may } = await requireMembership(request, slug, permission)
  if (membershipId !== membership.id) await requireMembership(request, slug, "members.manage")
  const member = await readMember(membership, membershipId)
  if (!member) throw failure("not_found")
  return { membership, member, may }
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, member, may } = await open(request, params)
  const mayTouch = may("members.manage") && mayGrant(membership.role, member.role)
  return {
    slug: membership.organization.slug,
    organization: membership.organization.name,
    member,
    mayChange: mayTouch && !member.isOnlyOwner,
    mayRemove: mayTouch && !member.isYou,
    grantable: grantableBy(membership.role),
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership, member } = await open(request, params, "members.manage")
  const form = await readForm(request, MemberForm)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const list = paths.organization.members(membership.organization.slug)
  if (form.value.intent === "remove") {
    const removed = await removeMember(membership, member.membershipId, requester)
    if (!removed.ok) return say(form, removed.error)
    return redirectWithToast(list, { kind: "good", words: `${removed.value.name} is removed.` })
  }
  const { role } = form.value
  const given = await changeRole(membership, { membershipId: member.membershipId, role }, requester)
  if (!given.ok) return say(form, given.error)
  const who = member.isYou ? "You are" : `${given.value.name} is`
  const words = `${who} ${given.value.changed ? "now " : ""}${aRole(role)}.`
  return redirectWithToast(list, { kind: "good", words })
}

function say(form: Parameters<typeof refuse>[0], refusal: Parameters<typeof sayTouchRefusal>[0]) {
  const { code, words } = sayTouchRefusal(refusal)
  if (code === "not_found") throw failure(code)
  return refuse(form, { message: words }, { status: failures[code][0] })
}

type Params = LoaderFunctionArgs["params"]
type Loaded = ReturnType<typeof useLoaderData<typeof loader>>

export default function MemberPage() {
  const { slug, organization, member, mayChange, mayRemove, grantable } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  const shown = member.name || member.email
  return (
    <AppPage
      title={shown}
      lead={member.name && <span className="break-all">{member.email}</span>}
      action={
        <ButtonLink kind="secondary" to={paths.organization.members(slug)}>
          All members
        </ButtonLink>
      }
    >
      <Card footer={!mayRemove && !member.isYou && "Only an owner can change this role, or remove an owner."}>
        <Facts items={factsOf(member, mayChange)} />
      </Card>
      {problem && !mayChange && <Banner tone="bad">{problem.message}</Banner>}
      {mayChange && (
        <RoleForm
          key={member.role}
          {...{ slug, grantable, role: member.role, isYou: member.isYou }}
          problem={problem}
        />
      )}
      {mayRemove && <Removal {...member} person={shown} organization={organization} />}
      {member.isYou && <Leaving {...{ slug, organization, onlyOwner: member.isOnlyOwner }} />}
    </AppPage>
  )
}

/** Where the role can be changed, it shows there. */
function factsOf({ role, joinedAt, invitedBy }: Loaded["member"], mayChange: boolean) {
  const badge = <Badge tone={role === "owner" ? "lamp" : "plain"}>{roleNames[role]}</Badge>
  return [
    ...(mayChange ? [] : [{ label: "Role", value: badge }]),
    { label: "Joined", value: <Time at={joinedAt} show="date" /> },
    ...(invitedBy ? [{ label: "Invited by", value: invitedBy }] : []),
  ]
}
