import type { LoaderFunctionArgs } from "@remix-run/node"
import { exportPerson } from "~/domain/privacy/export-person.server"
import { requireFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { now } from "~/platform/clock.server"

export async function loader({ request, context }: LoaderFunctionArgs) {
  const signedIn = requireSession(request)
  requireFreshProof(request, signedIn)
  const file = `account-${now().toISOString().slice(0, 10)}.json`
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Disposition": `attachment; filename="${file}"`,
    "Cache-Control": "no-store",
  }
  if (request.method === "HEAD") return new Response(null, { headers })
  const content = await exportPerson(signedIn.userId, requesterOf(request, context))
  return new Response(`${JSON.stringify(content, null, 2)}\n`, { headers })
}
