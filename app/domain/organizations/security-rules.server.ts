import type { Requester } from "~/domain/accounts/requester"
import type { SignInMethod } from "~/domain/accounts/sign-in-methods"
import type { Membership } from "~/domain/organizations/memberships.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"

export type SecurityRules = {
  /** "any" is every way this installation offers, now and later. */
  allowed: "any" | readonly SignInMethod[]
  requireMfa: boolean
}

type Saver = {
  requester: Requester
  /** The method of the session that saves. */
  method: string
}

/**
 * Changes what an organisation asks of its members' sign-in; it counts from their next request on. What is as it was writes
 * nothing. Fails with `none` when no way in would remain, and with `locks_out` when the one who saves could not come in again
 * as they just did, and with `changed` when they may not do so any more.
 */
export async function changeSecurityRules(
  membership: Membership,
  rules: SecurityRules,
  saver: Saver,
): Promise<Result<{ changed: boolean }, "none" | "locks_out" | "changed">> {
  const methods: readonly string[] = rules.allowed === "any" ? [] : rules.allowed
  if (rules.allowed !== "any" && methods.length === 0) return err("none")
  if (methods.length > 0 && !methods.includes(saver.method)) return err("locks_out")
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "security.manage"))) return err("changed")
    const ways = await changeMethods(tx, membership, methods.join(","), saver.requester)
    const factor = await changeSecondFactor(tx, membership, rules.requireMfa, saver.requester)
    return ok({ changed: ways || factor })
  })
}

async function changeMethods(tx: Tx, membership: Membership, to: string, requester: Requester) {
  const { organizationId: id, organization } = membership
  const changed = await tx.organization.updateMany({
    where: { id, signInMethods: { not: to } },
    data: { signInMethods: to, updatedAt: now() },
  })
  if (changed.count === 0) return false
  const detail = { from: organization.signInMethods.join(",") || "any", to: to || "any" }
  await note(tx, membership, "security.sign_in_methods_changed", detail, requester)
  return true
}

async function changeSecondFactor(tx: Tx, membership: Membership, required: boolean, requester: Requester) {
  const changed = await tx.organization.updateMany({
    where: { id: membership.organizationId, requireMfa: !required },
    data: { requireMfa: required, updatedAt: now() },
  })
  if (changed.count === 0) return false
  await note(tx, membership, "security.second_factor_changed", { required }, requester)
  return true
}

async function note(
  tx: Tx,
  { organizationId, userId }: Membership,
  act: `security.${string}`,
  detail: Record<string, string | boolean>,
  { clientAddress }: Requester,
) {
  await writeAudit(tx, {
    organizationId,
    actorUserId: userId,
    act,
    target: organizationId,
    detail,
    clientAddress,
  })
}
