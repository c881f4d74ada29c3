import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { finishLater, markStep } from "~/domain/onboarding/progress.server"
import { SkipOrPostpone } from "~/domain/onboarding/schemas"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireMembership, requireSession } from "~/http/guards.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function loader({ request }: LoaderFunctionArgs) {
  requireSession(request)
  return redirect(paths.onboarding())
}

export async function action({ request }: ActionFunctionArgs) {
  requireSession(request)
  const form = await readForm(request, SkipOrPostpone)
  if (!form.ok) throw failure("invalid_input")
  const { membership } = await requireMembership(request, form.value.org, "organization.set_up")
  const { slug } = membership.organization
  if (form.value.intent === "skip") {
    await markStep(membership, form.value.step, "skipped")
    return redirect(paths.onboarding(slug), 303)
  }
  await finishLater(membership)
  const words = "You can go on with the set-up from the overview."
  return redirectWithToast(paths.organization.overview(slug), { kind: "good", words })
}
