import type { ActionFunctionArgs } from "@remix-run/node"
import { openPortal } from "~/domain/billing/portal.server"
import { OpenPortal } from "~/domain/billing/schemas"
import { failureJson } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { readJson } from "~/http/json-body.server"
import { sayPortalRefusal } from "~/http/portal-refusal.server"

export async function action({ request }: ActionFunctionArgs) {
  if (request.method !== "POST") return failureJson("method_not_allowed", { headers: { Allow: "POST" } })
  const asked = await readJson(request, OpenPortal)
  if (!asked.ok) return asked.error
  const { membership } = await requireMembership(request, asked.value.organization, "billing.manage")
  const opened = await openPortal(membership)
  if (opened.ok) return Response.json(opened.value, { headers: { "Cache-Control": "no-store" } })
  const { code, words } = sayPortalRefusal(opened.error)
  return failureJson(code, { words })
}

export function loader() {
  return failureJson("method_not_allowed", { headers: { Allow: "POST" } })
}
