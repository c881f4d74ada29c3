import type { LoaderFunctionArgs } from "@remix-run/node"
import { failureJson } from "~/http/failures.server"
import { requireSession } from "~/http/guards.server"

/** The sitemap's entry for what http/session-check.server.ts answers in front of Remix, with the same answer. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { userId: id, email, name, isOperator } = requireSession(request)
  return Response.json({ user: { id, email, name, isOperator } })
}

export function action() {
  return failureJson("method_not_allowed", { headers: { Allow: "GET" } })
}
