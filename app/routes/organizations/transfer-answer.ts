import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { TransferAnswer } from "~/domain/organizations/schemas"
import { acceptOwnership, declineOwnership, offerGone } from "~/domain/organizations/settle-offer.server"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireFreshProof } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug)
  return redirect(paths.organization.transfer(membership.organization.slug))
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership, signedIn } = await requireMembership(request, params.slug)
  const form = await readForm(request, TransferAnswer)
  if (!form.ok) throw failure("invalid_input")
  const { slug, name } = membership.organization
  const { intent, offeredAt } = form.value
  if (intent === "accept") requireFreshProof(request, signedIn, paths.organization.transfer(slug))
  const settle = intent === "accept" ? acceptOwnership : declineOwnership
  const settled = await settle(membership, offeredAt, requesterOf(request, context))
  if (!settled.ok)
    return redirectWithToast(paths.organization.transfer(slug), {
      kind: "bad",
      words: offerGone[settled.error],
    })
  const words = intent === "accept" ? `You own ${name} now.` : "You have declined. Nothing has changed."
  return redirectWithToast(paths.organization.overview(slug), { kind: "good", words })
}
