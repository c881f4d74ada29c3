import { type ActionFunctionArgs, redirect } from "@remix-run/node"
import { signOut, signOutEverywhere } from "~/domain/accounts/sign-out.server"
import { formDataOf } from "~/http/form-data.server"
import { optionalSession, sessionTokenOf } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { paths } from "~/lib/paths"

export async function loader() {
  return redirect(paths.home())
}

export async function action({ request, context }: ActionFunctionArgs) {
  const everywhere = (await formDataOf(request)).get("everywhere") === "yes"
  const signedIn = optionalSession(request)
  const requester = requesterOf(request, context)
  if (signedIn && everywhere) await signOutEverywhere(signedIn.userId, requester)
  const token = sessionTokenOf(request)
  if (token) await signOut(token, requester)
  return redirect(paths.signIn.start(), { status: 303, headers: { "Set-Cookie": sessionCookie.clear() } })
}
