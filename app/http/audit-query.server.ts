import { AuditQuery } from "~/domain/organizations/audit-filter"
import type { FormProblem } from "~/lib/form-problem"

/** What an address filters the audit log by, or what is wrong with that. An empty field filters nothing. */
export function auditQueryOf(
  request: Request,
): { query: AuditQuery; problem?: undefined } | { query?: undefined; problem: FormProblem } {
  const asked = new URL(request.url).searchParams
  const values = Object.fromEntries(
    Object.keys(AuditQuery.shape).map(name => [name, asked.get(name) || undefined]),
  )
  const read = AuditQuery.safeParse(values)
  if (read.success) return { query: read.data }
  const fields: Record<string, string[]> = {}
  for (const { path, message } of read.error.issues) {
    const name = String(path[0])
    fields[name] = [...(fields[name] ?? []), message]
  }
  return { problem: { values, fields } }
}
