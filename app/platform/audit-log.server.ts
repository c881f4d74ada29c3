import { actingKey } from "~/platform/acting-key.server"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"

export type AuditLine = {
  /** Absent for what concerns the installation, not one organisation. */
  organizationId?: string
  /** Absent when the system itself acted. */
  actorUserId?: string
  /** Area and what happened, in the past tense: `invitation.sent`. */
  act: `${string}.${string}`
  /** Whom or what it happened to: an id or an address. */
  target?: string
  /** Plain facts worth keeping. Never a token or a password. */
  detail?: Record<string, string | number | boolean | null>
  clientAddress?: string
}

/**
 * Adds one line to the audit log: who did what to what, when, from where [O10], and with which API key, if with one. Joins the
 * caller's transaction.
 */
export async function writeAudit(client: Client, line: AuditLine): Promise<void> {
  const key = line.actorUserId ? actingKey() : undefined
  const by = key && { withKey: key.name, withKeyId: key.id, withKeyHint: key.hint }
  await client.auditEntry.create({
    data: {
      id: newId(),
      organizationId: line.organizationId,
      actorUserId: line.actorUserId,
      act: line.act,
      target: line.target,
      detail: JSON.stringify({ ...line.detail, ...by }),
      clientAddress: line.clientAddress,
      at: now(),
    },
  })
}
