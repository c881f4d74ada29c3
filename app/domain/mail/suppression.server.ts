import { db } from "~/platform/db.server"

/** Whether mail to this canonical address would bounce or annoy: the list also covers sign-in mail. */
export async function isSuppressed(email: string): Promise<boolean> {
  return (await db().suppression.count({ where: { email } })) > 0
}
