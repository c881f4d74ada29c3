import { db } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

const listed = joiningStatement<[string], { email: string }>("SELECT email FROM Suppression WHERE email = ?")

/** Whether mail to this canonical address would bounce or annoy: the list also covers sign-in mail. */
export async function isSuppressed(email: string): Promise<boolean> {
  return (await listed.get(db(), email)) !== undefined
}
