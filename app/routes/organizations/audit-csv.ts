import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node"
import { downloadAudit } from "~/domain/organizations/audit-csv.server"
import { auditQueryOf } from "~/http/audit-query.server"
import { failure } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { now } from "~/platform/clock.server"

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "audit.read")
  const { query } = auditQueryOf(request)
  if (!query) throw failure("invalid_input", { words: "This filter does not fit. Go back and correct it." })
  const file = `audit-log-${membership.organization.slug}-${now().toISOString().slice(0, 10)}.csv`
  const headers = {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${file}"`,
    "Cache-Control": "no-store",
  }
  if (request.method === "HEAD") return new Response(null, { headers })
  const csv = await downloadAudit(membership, query, requesterOf(request, context))
  return new Response(createReadableStreamFromReadable(csv), { headers })
}
