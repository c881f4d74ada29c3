import type { Requester } from "~/domain/accounts/requester"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"

export type SecurityEventKind =
  | "sign_in"
  | "sign_in_refused"
  | "sign_in_elsewhere"
  | "sign_out"
  | "sessions_ended"

/** Writes what a person or the operator would want to know of an account. Joins the caller's transaction. */
export async function recordSecurityEvent(
  client: Client,
  event: { userId?: string; kind: SecurityEventKind; detail?: string; requester: Requester },
): Promise<void> {
  await client.securityEvent.create({
    data: {
      id: newId(),
      userId: event.userId,
      kind: event.kind,
      detail: event.detail,
      clientAddress: event.requester.clientAddress,
      userAgent: event.requester.userAgent.slice(0, 400),
      at: now(),
    },
  })
}
