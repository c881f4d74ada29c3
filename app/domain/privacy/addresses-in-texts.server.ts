/** Addresses that stand within a text: a notice to operators, what a mail said, a line of somebody's history. */
import { replaceAddress } from "~/domain/privacy/whole-address"
import type { Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

const texts = [
  { table: "Setting", key: "key", column: "value" },
  { table: "Mail", key: "id", column: "parameters" },
  { table: "SecurityEvent", key: "id", column: "detail" },
].map(({ table, key, column }) => ({
  find: joiningStatement<[{ email: string }], { key: string; text: string }>(
    `SELECT ${key} AS key, ${column} AS text FROM ${table} WHERE instr(lower(${column}), lower(@email))`,
  ),
  write: joiningStatement<[{ key: string; text: string }]>(
    `UPDATE ${table} SET ${column} = @text WHERE ${key} = @key`,
  ),
}))

/** Puts the pseudonym for an address wherever a text names it, and nothing else. */
export async function renameInTexts(tx: Tx, email: string, alias: string): Promise<void> {
  for (const { find, write } of texts) {
    for (const { key, text } of await find.all(tx, { email })) {
      const renamed = replaceAddress(text, email, alias)
      if (renamed !== text) await write.run(tx, { key, text: renamed })
    }
  }
}
