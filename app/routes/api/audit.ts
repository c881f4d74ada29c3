import { z } from "zod"
import { listAudit } from "~/domain/organizations/audit.server"
import { AuditQuery } from "~/domain/organizations/audit-filter"
import { AuditLine, tellLine } from "~/http/api/audit.server"
import { endpoint } from "~/http/api/endpoint.server"
import { PageQuery, pageAnswer, pageOf, placeIn } from "~/http/api/paging.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"
import { isTimeZone } from "~/lib/days"

/** A program that misspells its zone is told; the pages' script is not, as nobody typed it. */
const TimeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, "Name a time zone, such as Europe/Berlin.")
  .meta({ description: "By its name in the IANA database, such as `Europe/Berlin`." })

const read = endpoint(
  {
    summary: "Read the audit log of an organisation",
    details:
      "The latest first. Lines are only ever added. `who` is a member’s address, or part of their name; `act` one act, or a whole area such as `member`; `from` and `to` are days, both included, of the time zone that `zone` names, or of UTC.",
    area: "Audit log",
    who: "audit.read",
    scope: "audit:read",
    params: z.object({ slug: z.string() }),
    query: AuditQuery.safeExtend({ ...PageQuery.shape, zone: TimeZone.optional() }),
    answer: pageOf(AuditLine),
  },
  async ({ membership, query }) => {
    const { cursor, limit, ...filter } = query
    return pageAnswer(await listAudit(membership, filter, placeIn({ cursor, limit })), tellLine)
  },
)

const here = resource(apiPaths.audit(":slug"), { GET: read })
export const loader = here.loader
export const action = here.action
