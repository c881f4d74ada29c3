import { type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { isOffered } from "~/domain/accounts/providers.server"
import { troubleOf } from "~/domain/sign-in/sso/provider-trouble.server"
import { beginSso } from "~/domain/sign-in/sso/requests.server"
import { countSso } from "~/domain/sign-in/sso/sso-limit.server"
import { failureJson } from "~/http/failures.server"
import { isFromElsewhere } from "~/http/from-elsewhere.server"
import { insideOnly } from "~/http/redirects.server"
import { ssoMarkFor } from "~/http/sso-cookies.server"
import { paths } from "~/lib/paths"

/** Sends a browser to a provider, to sign in with it. What it writes is of worth to that browser only, for minutes. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { provider } = params
  if (!isOffered(provider)) return failureJson("not_found")
  if (request.method !== "GET") return action()
  const redirectTo = insideOnly(new URL(request.url).searchParams.get("redirectTo"))
  // Another site must not sign somebody in, or out of their account into another: a press of a button here does.
  if (isFromElsewhere(request)) return redirect(paths.signIn.again(redirectTo))
  const allowed = await countSso(context.clientAddress)
  if (!allowed.ok) return redirect(paths.signIn.providerTrouble({ why: "too_many", provider, redirectTo }))
  const mark = ssoMarkFor(request)
  try {
    const url = await beginSso({ provider, intent: "sign_in", redirectTo }, mark.token)
    return redirect(url.href, { headers: { "Set-Cookie": mark.setCookie, "Cache-Control": "no-store" } })
  } catch (error) {
    const why = troubleOf(provider, error)
    return redirect(paths.signIn.providerTrouble({ why, provider, redirectTo }))
  }
}

export function action() {
  return failureJson("method_not_allowed", { headers: { Allow: "GET" } })
}
