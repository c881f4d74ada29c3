import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { switchOrganization } from "~/domain/organizations/organizations.server"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "everyone",
  })
  return redirect(paths.organization.overview(membership.organization.slug))
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "everyone",
  })
  await switchOrganization(membership)
  return redirect(paths.organization.overview(membership.organization.slug), 303)
}
