import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { openPortal, type PortalFlow } from "~/domain/billing/portal.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { formDataOf } from "~/http/form-data.server"
import { requireMembership } from "~/http/guards.server"
import { sayPortalRefusal } from "~/http/portal-refusal.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function action({ request, params }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const form = await formDataOf(request)
  const asked = form.get("subscription")
  const subscriptionId = typeof asked === "string" ? asked : undefined
  return leadOn(membership, { subscriptionId, flow: flowOf(form.get("flow")) })
}

/** A link in a mail leads to one page of the portal; whoever comes without one is on the way to billing. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const flow = flowOf(new URL(request.url).searchParams.get("flow"))
  if (flow && request.method === "GET") {
    const { membership } = await requireMembership(request, params.slug, "billing.manage")
    return leadOn(membership, { flow })
  }
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  return redirect(paths.organization.billing(membership.organization.slug))
}

function flowOf(asked: unknown): PortalFlow | undefined {
  return asked === "payment_method" ? asked : undefined
}

async function leadOn(membership: Membership, page: { subscriptionId?: string; flow?: PortalFlow }) {
  const opened = await openPortal(membership, page)
  if (opened.ok) return redirect(opened.value.url, { status: 303, headers: { "Cache-Control": "no-store" } })
  const { words } = sayPortalRefusal(opened.error)
  return redirectWithToast(paths.organization.billing(membership.organization.slug), { kind: "bad", words })
}
