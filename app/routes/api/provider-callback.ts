import { type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { isOffered } from "~/domain/accounts/providers.server"
import { failureJson } from "~/http/failures.server"
import { answerCallback } from "~/http/sso-callback.server"
import { paths } from "~/lib/paths"

/** Where a provider sends people back to. The answer leads on at once: no code stays in the address, or reaches a page. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { provider } = params
  if (!isOffered(provider)) return failureJson("not_found")
  if (request.method !== "GET") return action()
  const answer = await answerCallback(provider, request, context)
  if ("done" in answer) return answer.done
  const { why, redirectTo } = answer
  return redirect(paths.signIn.providerTrouble({ why, provider, redirectTo }), 303)
}

export function action() {
  return failureJson("method_not_allowed", { headers: { Allow: "GET" } })
}
