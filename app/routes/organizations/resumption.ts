import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { openPortal } from "~/domain/billing/portal.server"
import { resumePlan } from "~/domain/billing/resume-plan.server"
import { resumingRefusals } from "~/http/ending-refusal.server"
import { requireMembership } from "~/http/guards.server"
import { sayPortalRefusal } from "~/http/portal-refusal.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

/** Resumes a paused plan. Without a way of paying it leads to where one is added; that page leads back to billing. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const billing = paths.organization.billing(membership.organization.slug)
  const resumed = await resumePlan(membership, requesterOf(request, context))
  if (resumed.ok) return redirectWithToast(billing, { kind: "good", words: "The plan goes on." })
  if (resumed.error !== "no_way_of_paying") {
    return redirectWithToast(billing, { kind: "bad", words: resumingRefusals[resumed.error] })
  }
  const opened = await openPortal(membership, { flow: "payment_method" })
  if (opened.ok) return redirect(opened.value.url, { status: 303, headers: { "Cache-Control": "no-store" } })
  return redirectWithToast(billing, { kind: "bad", words: sayPortalRefusal(opened.error).words })
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  return redirect(paths.organization.billing(membership.organization.slug))
}
