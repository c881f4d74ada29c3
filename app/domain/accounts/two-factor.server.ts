import type { Client } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

const confirmed = joiningStatement<[string], { userId: string }>(
  "SELECT userId FROM Totp WHERE userId = ? AND confirmedAt IS NOT NULL",
)

/** Whether this person has switched two-factor sign-in on: every way in but a passkey then owes a second factor [S9]. */
export async function hasTwoFactor(client: Client, userId: string): Promise<boolean> {
  return (await confirmed.get(client, userId)) !== undefined
}
