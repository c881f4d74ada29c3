import type { Requester } from "~/domain/accounts/requester"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { newId } from "~/platform/ids.server"

export type SecurityEventKind =
  | "sign_in"
  | "sign_in_refused"
  | "sign_in_elsewhere"
  | "sign_out"
  | "sessions_ended"
  | "refresh_token_reused"
  | "second_factor_wrong"
  | "second_factor_locked"
  | "password_wrong"
  | "password_locked"
  | "password_set"
  | "password_changed"
  | "password_removed"
  | "password_reset"
  | "two_factor_on"
  | "two_factor_off"
  | "two_factor_reset"
  | "recovery_codes_made"
  | "recovery_code_used"
  | "passkey_added"
  | "passkey_renamed"
  | "passkey_removed"
  | "passkey_refused"
  | "identity_connected"
  | "identity_disconnected"
  | "identity_refused"
  | "email_change_asked"
  | "email_changed"
  | "email_change_undone"
  | "credentials_stripped"
  | "proof_given"
  | "proof_refused"
  | "api_key_made"
  | "not_me"
  | "data_exported"

const insert = joiningStatement<[string, string | null, string, string, string, string, number]>(`
  INSERT INTO SecurityEvent (id, userId, kind, detail, clientAddress, userAgent, at) VALUES (?, ?, ?, ?, ?, ?, ?)`)

/** Writes what a person or the operator would want to know of an account. Joins the caller's transaction. */
export async function recordSecurityEvent(
  client: Client,
  event: { userId?: string; kind: SecurityEventKind; detail?: string; requester: Requester },
): Promise<void> {
  const { userId = null, kind, detail = "", requester } = event
  const userAgent = requester.userAgent.slice(0, 400)
  await insert.run(client, newId(), userId, kind, detail, requester.clientAddress, userAgent, +now())
}
