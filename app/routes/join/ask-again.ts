import { type ActionFunctionArgs, redirect } from "@remix-run/node"
import { AskAgain } from "~/domain/onboarding/schemas"
import { askForFreshInvitation, askSignedIn } from "~/domain/organizations/ask-again.server"
import { countCheck } from "~/domain/sign-in/check-limit.server"
import { readForm } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export async function loader() {
  return redirect(paths.home())
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, AskAgain)
  if (!form.ok) return redirect(paths.invitation(), 303)
  const allowed = await countCheck(requesterOf(request, context).clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const { value } = form
  const back = "token" in value ? paths.invitation(value.token) : paths.start()
  const asked =
    "token" in value
      ? await askForFreshInvitation(value.token)
      : await askSignedIn(requireSession(request).userId, value.invitationId)
  if (!asked.ok) return redirect(back, 303)
  const words = "We have told the person who invited you. A new mail comes if they send it again."
  return redirectWithToast(back, { kind: "good", words })
}
