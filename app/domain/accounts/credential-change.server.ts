import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import { giveUpPendingChange } from "~/domain/accounts/pending-email-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent, type SecurityEventKind } from "~/domain/accounts/security-events.server"
import { endSessionsOf } from "~/domain/accounts/sessions.server"
import { endChallengesOf } from "~/domain/accounts/sign-in-challenges.server"
import { entryPurposes } from "~/domain/links/purposes"
import { voidLinksOf } from "~/domain/links/spend.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { formatDateTime } from "~/lib/format"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"

/** The changes of credentials a person is told of by mail. */
export type CredentialChange = Extract<
  SecurityEventKind,
  | "password_set"
  | "password_changed"
  | "password_removed"
  | "password_reset"
  | "password_locked"
  | "two_factor_on"
  | "two_factor_off"
  | "two_factor_reset"
  | "second_factor_locked"
  | "recovery_codes_made"
  | "recovery_code_used"
  | "passkey_added"
  | "passkey_removed"
  | "passkey_refused"
  | "identity_connected"
  | "identity_disconnected"
  | "api_key_made"
>

export type Changed = {
  user: { id: string; email: string }
  what: CredentialChange
  requester: Requester
  /** The session that stays: the one the change was made in. */
  keepSessionId?: string
  /** A name the person knows the thing by, such as a passkey's. */
  detail?: string
}

/**
 * What follows every change of credentials, in its transaction [S4]: all other sessions, pending sign-ins and open links end, a
 * change of address that is under way is given up, it is written down, and the person is told by mail.
 */
export async function credentialChanged(tx: Tx, change: Changed): Promise<void> {
  const { user, keepSessionId } = change
  await endSessionsOf(tx, user.id, keepSessionId, "credentials_changed")
  await endChallengesOf(tx, user.id)
  await voidLinksOf(tx, user.email, entryPurposes)
  await giveUpPendingChange(tx, user.id)
  await tellOfChange(tx, change)
}

/** Writes a change down and tells the person by mail, where it ends nothing. */
export async function tellOfChange(
  tx: Tx,
  { user, what, requester, detail = "" }: Omit<Changed, "keepSessionId">,
): Promise<void> {
  await recordSecurityEvent(tx, { userId: user.id, kind: what, detail, requester })
  await queueMail(tx, {
    template: "security_notice",
    to: user.email,
    parameters: {
      what,
      detail,
      device: deviceLabel(requester.userAgent),
      network: networkOf(requester.clientAddress),
      at: formatDateTime(now(), "UTC"),
    },
    link: { userId: user.id },
    dedupeKey: `security_notice:${newId()}`,
  })
}
