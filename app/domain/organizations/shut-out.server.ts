/**
 * An operator shuts a person out, and lets them in again [D1]. Shutting out ends their sessions and voids their links in one
 * transaction with the mark itself, so that nothing they hold works at the next request; the memberships stay. Nobody shuts
 * out themself, and whoever has just been shut out shuts out nobody: of two operators who do it to each other, one remains.
 */
import type { Requester } from "~/domain/accounts/requester"
import { endSessionsOf } from "~/domain/accounts/sessions.server"
import { voidLinksOf } from "~/domain/links/spend.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { type DisableRefusal, disableUser } from "~/domain/organizations/disable-person.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"

export type ShutOutRefusal = DisableRefusal | { because: "yourself" | "no_operator" }

/** Disables a person. Fails for oneself, for the only owner of an organisation (they are named), and when it is done already. */
export function disablePerson(
  operatorId: string,
  userId: string,
  { clientAddress }: Requester,
): Promise<Result<{ email: string; sessionsEnded: number }, ShutOutRefusal>> {
  return transaction(async tx => {
    if (operatorId === userId) return err({ because: "yourself" })
    const operators = await tx.user.count({ where: { id: operatorId, isOperator: true, disabledAt: null } })
    if (operators === 0) return err({ because: "no_operator" })
    const disabled = await disableUser(tx, userId)
    if (!disabled.ok) return disabled
    const { email, emailTyped } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    const sessionsEnded = await endSessionsOf(tx, userId, undefined, "disabled")
    await voidLinksOf(tx, email)
    await writeAudit(tx, {
      actorUserId: operatorId,
      act: "person.disabled",
      target: userId,
      detail: { sessionsEnded },
      clientAddress,
    })
    await noteForMembers(tx, "member.disabled", { operatorId, userId, clientAddress })
    await queueMail(tx, { template: "account_disabled", to: email, parameters: {} })
    return ok({ email: emailTyped, sessionsEnded })
  })
}

/** Lets a disabled person sign in again; sessions and links that were ended stay ended. False when they are not disabled. */
export function enablePerson(
  operatorId: string,
  userId: string,
  { clientAddress }: Requester,
): Promise<boolean> {
  return transaction(async tx => {
    const enabled = await tx.user.updateMany({
      where: { id: userId, disabledAt: { not: null } },
      data: { disabledAt: null, updatedAt: now() },
    })
    if (enabled.count === 0) return false
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    await writeAudit(tx, {
      actorUserId: operatorId,
      act: "person.enabled",
      target: userId,
      clientAddress,
    })
    await noteForMembers(tx, "member.enabled", { operatorId, userId, clientAddress })
    await queueMail(tx, { template: "account_enabled", to: email, parameters: {} })
    return true
  })
}

type DeskAct = { operatorId: string; userId: string; clientAddress: string }

/** Each of their organisations reads it in its own log, as the doing of the installation. */
async function noteForMembers(
  tx: Tx,
  act: "member.disabled" | "member.enabled",
  { operatorId: actorUserId, userId, clientAddress }: DeskAct,
): Promise<void> {
  const memberships = await tx.membership.findMany({
    where: { userId },
    select: { organizationId: true, user: { select: { emailTyped: true } } },
  })
  for (const { organizationId, user } of memberships)
    await writeAudit(tx, { organizationId, actorUserId, act, target: user.emailTyped, clientAddress })
}
