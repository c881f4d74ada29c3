import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { letAdminsManageBilling } from "~/domain/billing/admins-billing.server"
import { LetAdmins } from "~/domain/billing/schemas"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.delegate")
  const form = await readForm(request, LetAdmins)
  if (!form.ok) throw failure("invalid_input")
  const { allowed } = form.value
  const saved = await letAdminsManageBilling(membership, allowed, requesterOf(request, context))
  if (!saved.ok) throw failure("conflict")
  const words = allowed ? "Admins can manage billing, too." : "Only owners can manage billing."
  return redirectWithToast(paths.organization.billing(membership.organization.slug), { kind: "good", words })
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug)
  return redirect(paths.organization.billing(membership.organization.slug))
}
