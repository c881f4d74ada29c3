import { statement } from "~/platform/db.server"

const ping = statement<[], { one: number }>("SELECT 1 AS one FROM User LIMIT 1")

/** Whether the database answers. */
export function databaseAnswers(): boolean {
  try {
    ping.all()
    return true
  } catch {
    return false
  }
}
