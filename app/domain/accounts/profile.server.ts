import { renameUser } from "~/domain/accounts/users.server"
import { db } from "~/platform/db.server"

/** Changes the name by which others see this person. */
export function renamePerson(userId: string, name: string): Promise<void> {
  return renameUser(db(), userId, name)
}
