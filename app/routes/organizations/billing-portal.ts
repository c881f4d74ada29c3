import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { openPortal } from "~/domain/billing/portal.server"
import { formDataOf } from "~/http/form-data.server"
import { requireMembership } from "~/http/guards.server"
import { sayPortalRefusal } from "~/http/portal-refusal.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function action({ request, params }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const asked = (await formDataOf(request)).get("subscription")
  const opened = await openPortal(membership, typeof asked === "string" ? asked : undefined)
  if (opened.ok) return redirect(opened.value.url, 303)
  const { words } = sayPortalRefusal(opened.error)
  return redirectWithToast(paths.organization.billing(membership.organization.slug), { kind: "bad", words })
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  return redirect(paths.organization.billing(membership.organization.slug))
}
