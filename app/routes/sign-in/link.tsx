import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { LinkConfirmation } from "~/components/link-confirmation"
import { FreshLinkHere, LinkFailure } from "~/components/link-failure"
import { pageTitle } from "~/components/page-title"
import { countCheck, forgiveRequestedLink } from "~/domain/sign-in/check-limit.server"
import { signInWithLink } from "~/domain/sign-in/email-link.server"
import { viewSignInLink } from "~/domain/sign-in/view-link.server"
import { readForm } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { sayWhatBecame } from "~/http/registration-toast.server"
import { readRequestMark } from "~/http/request-cookie.server"
import { attemptOf, onward, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Sign in", matches)

const Confirm = z.object({ token: z.string().max(200), anyway: z.string().optional() })

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const signedIn = optionalSession(request)
  const mark = readRequestMark(request)
  const view = await viewSignInLink(token, { requestToken: mark?.asked ? mark.token : undefined, signedIn })
  if (view.state === "used" && view.byThisPerson) throw redirect(onward(view.destination))
  return data({ view, signedInAs: signedIn?.email }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Confirm)
  if (!form.ok) return data({ failure: "invalid" as const }, { status: 400 })
  const { token, anyway } = form.value
  const attempt = attemptOf(request, context)
  const signedIn = optionalSession(request)
  const view = await viewSignInLink(token, { signedIn })
  if (view.state === "open" && view.otherPerson && !anyway) throw redirect(paths.signIn.link(token))
  const allowed = await countCheck(attempt.requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const entered = await signInWithLink(token, attempt)
  if (!entered.ok) {
    const handle = view.state === "open" ? view.handle : undefined
    return data({ failure: entered.error, handle }, { status: 410 })
  }
  await forgiveRequestedLink(attempt.requester.clientAddress)
  await sayWhatBecame(context, entered.value.registration)
  return signedInResponse(entered.value.entry, onward(entered.value.redirectTo))
}

export default function SignInLink() {
  const { view, signedInAs } = useLoaderData<typeof loader>()
  const refused = useActionData<typeof action>()
  if (refused && refused.failure !== "expired") {
    const handle = refused.failure === "elsewhere" && "handle" in refused ? refused.handle : undefined
    return <LinkFailure state={refused.failure} action={handle && <FreshLinkHere handle={handle} />} />
  }
  if (view.state === "expired") {
    const { handle, maskedEmail, renewed } = view
    return (
      <LinkFailure
        state="expired"
        renewal={{ action: paths.signIn.renewal(), handle, maskedEmail, renewed }}
      />
    )
  }
  if (view.state !== "open") return <LinkFailure state={view.state} />
  return <LinkConfirmation {...view} signedInAs={signedInAs} />
}
