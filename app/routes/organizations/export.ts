import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node"
import { exportOrganization } from "~/domain/organizations/export.server"
import { requireFreshProof } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { now } from "~/platform/clock.server"

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { membership, signedIn } = await requireMembership(request, params.slug, "organization.export")
  requireFreshProof(request, signedIn)
  const file = `${membership.organization.slug}-${now().toISOString().slice(0, 10)}.json`
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Disposition": `attachment; filename="${file}"`,
    "Cache-Control": "no-store",
  }
  if (request.method === "HEAD") return new Response(null, { headers })
  const content = await exportOrganization(membership, requesterOf(request, context))
  return new Response(createReadableStreamFromReadable(content), { headers })
}
