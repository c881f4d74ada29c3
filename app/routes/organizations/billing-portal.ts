import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { isPortalFlow, openPortal, type PortalFlow } from "~/domain/billing/portal.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { failure } from "~/http/failures.server"
import { formDataOf } from "~/http/form-data.server"
import { requireFreshProof } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { sayPortalRefusal } from "~/http/portal-refusal.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function action({ request, params }: ActionFunctionArgs) {
  const { membership, signedIn } = await requireMembership(request, params.slug, "billing.manage")
  const form = await formDataOf(request)
  const { slug } = membership.organization
  const page = { subscription: textOf(form.get("subscription")), flow: flowOf(form.get("flow")) }
  requireFreshProof(request, signedIn, paths.organization.portal(slug, { ...page, flow: page.flow ?? "all" }))
  return leadOn(membership, page)
}

/**
 * A link in a mail leads to one page of the portal, and proof that was given apart to the whole; whoever comes without either is
 * on the way to billing.
 */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  if (searchParams.has("flow") && request.method === "GET") {
    const { membership, signedIn } = await requireMembership(request, params.slug, "billing.manage")
    requireFreshProof(request, signedIn)
    const subscription = textOf(searchParams.get("subscription"))
    return leadOn(membership, { subscription, flow: flowOf(searchParams.get("flow")) })
  }
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  return redirect(paths.organization.billing(membership.organization.slug))
}

/** The whole portal without a name or by the name `all`; one that nobody gave it leads nowhere. */
function flowOf(asked: unknown): PortalFlow | undefined {
  if (isPortalFlow(asked)) return asked
  if (asked === null || asked === "all") return undefined
  throw failure("not_found", { words: "The customer portal has no such page." })
}

function textOf(asked: unknown): string | undefined {
  return typeof asked === "string" ? asked : undefined
}

async function leadOn(membership: Membership, page: { subscription?: string; flow?: PortalFlow }) {
  const opened = await openPortal(membership, { subscriptionId: page.subscription, flow: page.flow })
  if (opened.ok) return redirect(opened.value.url, { status: 303, headers: { "Cache-Control": "no-store" } })
  const { words } = sayPortalRefusal(opened.error)
  return redirectWithToast(paths.organization.billing(membership.organization.slug), { kind: "bad", words })
}
