import { db } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

/** People found by a text with wildcards in it. SQLite takes 32,766 values in a statement, and nobody reads as many names. */
const mostFound = 10_000

const contains =
  "(u.name LIKE ? ESCAPE '\\' OR u.emailTyped LIKE ? ESCAPE '\\' OR u.email LIKE ? ESCAPE '\\')"

const anywhere = joiningStatement<[string, string, string], { id: string }>(
  `SELECT u.id FROM User u WHERE ${contains} ORDER BY u.createdAt DESC LIMIT ${mostFound}`,
)

const inOrganization = joiningStatement<[string, string, string, string], { id: string }>(
  `SELECT u.id FROM Membership m JOIN User u ON u.id = m.userId WHERE ${contains} AND m.organizationId = ?
    ORDER BY m.createdAt LIMIT ${mostFound}`,
)

/**
 * Whom a search means: people whose name or address contains it, the address as it is shown or in its canonical form; of one
 * organisation, if it is named. The database takes small ASCII letters for capital ones, and no others.
 */
export async function personMatching(search: string, organizationId?: string) {
  const found = search.trim().normalize("NFC")
  const lower = found.toLowerCase()
  // SQLite ends a text at its first NUL, and would find everybody.
  if (found.includes("\0")) return { id: { in: [] } }
  if (/[%_]/.test(found)) return { id: { in: await idsMatching(found, lower, organizationId) } }
  return {
    OR: [{ name: { contains: found } }, { emailTyped: { contains: found } }, { email: { contains: lower } }],
  }
}

/** Prisma hands `contains` to LIKE as it is, wildcards and all, and has no way to escape them. */
async function idsMatching(found: string, lower: string, organizationId?: string): Promise<string[]> {
  const [text, address] = [patternOf(found), patternOf(lower)]
  const rows = organizationId
    ? await inOrganization.all(db(), text, text, address, organizationId)
    : await anywhere.all(db(), text, text, address)
  return rows.map(({ id }) => id)
}

function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`
}
