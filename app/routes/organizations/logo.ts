import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { changeLogo, logoOf, removeLogo } from "~/domain/organizations/logo.server"
import { failure } from "~/http/failures.server"
import { formWithFileOf } from "~/http/form-data.server"
import { requireMembership } from "~/http/guards.server"
import { pictureResponse, sentBytes } from "~/http/picture.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "everyone",
  })
  const logo = await logoOf(membership)
  if (!logo) throw failure("not_found")
  return pictureResponse(request, logo)
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.set_up")
  const { slug } = membership.organization
  const requester = requesterOf(request, context)
  const form = await formWithFileOf(request)
  if (form.get("intent") === "remove") {
    await removeLogo(membership, requester)
    return redirectWithToast(paths.organization.settings(slug), {
      kind: "good",
      words: "The logo is removed.",
    })
  }
  const changed = await changeLogo(membership, await sentBytes(form.get("logo")), requester)
  if (!changed.ok && changed.error === "changed") throw failure("conflict")
  if (!changed.ok) return redirect(paths.organization.settings(slug, { logo: changed.error }), 303)
  return redirectWithToast(paths.organization.settings(slug), { kind: "good", words: "The logo is saved." })
}
