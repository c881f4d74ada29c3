import { keyedHash } from "~/platform/crypto.server"
import { type Client, db } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

const listed = joiningStatement<[string, string], { email: string }>(
  "SELECT email FROM Suppression WHERE email IN (?, ?)",
)

/** Whether mail to this canonical address would bounce or annoy: the list also covers sign-in mail. */
export async function isSuppressed(email: string, client: Client = db()): Promise<boolean> {
  return (await listed.get(client, email, suppressionHash(email))) !== undefined
}

/** What stands in place of an address once its account is deleted: it is still not written to. */
export function suppressionHash(email: string): string {
  return keyedHash("suppression", email)
}
