import { Readable } from "node:stream"
import { stringify } from "csv-stringify"
import type { Requester } from "~/domain/accounts/requester"
import { allAudit } from "~/domain/organizations/audit.server"
import type { AuditQuery } from "~/domain/organizations/audit-filter"
import type { AuditLineView } from "~/domain/organizations/audit-people.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { writeAudit } from "~/platform/audit-log.server"
import { db } from "~/platform/db.server"

const columns = ["Time (UTC)", "Who", "Address", "What", "From", "Act", "Target", "Detail"]

/**
 * The audit log as a CSV file for spreadsheets, in one piece after the other. A value that a spreadsheet would take for a
 * formula begins with an apostrophe (OWASP, CSV injection); the byte order mark tells it that the file is UTF-8.
 */
export function auditCsv(membership: Membership, query: AuditQuery): Readable {
  const csv = stringify({
    header: true,
    columns,
    bom: true,
    escape_formulas: true,
    record_delimiter: "windows",
  })
  const rows = Readable.from(rowsOf(membership, query))
  rows.on("error", error => csv.destroy(error))
  csv.on("close", () => rows.destroy())
  return rows.pipe(csv)
}

/** The same, and writes down who took it away: a copy that nobody can call back. */
export async function downloadAudit(
  membership: Membership,
  query: AuditQuery,
  requester: Requester,
): Promise<Readable> {
  const { organizationId, userId } = membership
  await writeAudit(db(), {
    organizationId,
    actorUserId: userId,
    act: "organization.audit_downloaded",
    target: organizationId,
    detail: { filtered: Object.values(query).some(value => value !== undefined) },
    clientAddress: requester.clientAddress,
  })
  return auditCsv(membership, query)
}

async function* rowsOf(membership: Membership, query: AuditQuery): AsyncGenerator<string[]> {
  for await (const batch of allAudit(membership, query)) yield* batch.map(rowOf)
}

function rowOf({ at, who, words, clientAddress, act, target, detail }: AuditLineView): string[] {
  return [at.toISOString(), who.name, who.email, words, clientAddress, act, target, JSON.stringify(detail)]
}
