import Sqlite from "better-sqlite3"
import { currentConnection } from "~/platform/db-scope.server"
import { day } from "./cast"

/** Collects every statement that Prisma reads this table with, from here on. */
export function statementsOn(table: string): string[] {
  const { handle } = currentConnection().writer
  const prepare = handle.prepare.bind(handle)
  const seen: string[] = []
  Object.defineProperty(handle, "prepare", {
    configurable: true,
    value: (sql: string) => {
      if (sql.includes(`FROM \`main\`.\`${table}\``)) seen.push(sql)
      return prepare(sql)
    },
  })
  return seen
}

/** How SQLite goes about a statement, step by step. https://sqlite.org/eqp.html */
export function planOf(sql: string): string {
  const explain = `EXPLAIN QUERY PLAN ${sql.replaceAll("?", "NULL")}`
  const steps = currentConnection().reader.prepare<[], { detail: string }>(explain).all()
  return steps.map(step => step.detail).join("; ")
}

/** Many audit lines at once, past Prisma; three share each moment. */
export function fillAudit(path: string, organizationId: string, actorUserId: string, count: number): void {
  const file = new Sqlite(path)
  const insert =
    file.prepare(`INSERT INTO AuditEntry (id, organizationId, actorUserId, act, target, detail, at)
    VALUES (?, ?, ?, 'invitation.revoked', 'x@y.test', '{}', ?)`)
  const at = Date.now() - day
  file.transaction(() => {
    for (let i = 0; i < count; i++)
      insert.run(i.toString(16).padStart(32, "0"), organizationId, actorUserId, at + Math.floor(i / 3))
  })()
  file.close()
}
