import { credentialChanged } from "~/domain/accounts/credential-change.server"
import { removeRecoveryCodes } from "~/domain/accounts/recovery-codes.server"
import type { Requester } from "~/domain/accounts/requester"
import { removeTotp } from "~/domain/accounts/totp.server"
import { hasTwoFactor } from "~/domain/accounts/two-factor.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { transaction } from "~/platform/db.server"

/**
 * An operator takes away a person's authenticator app and recovery codes, because both are lost: their next sign-in takes one step
 * [S4]. All their sessions and open links end, they are told by mail, and it is written down. Fails with `off` when there is
 * nothing to reset, with `yourself` for one's own (that is done in the account, with proof), and with `no_operator`.
 */
export function resetTwoFactor(
  operatorId: string,
  userId: string,
  requester: Requester,
): Promise<Result<void, "off" | "yourself" | "no_operator">> {
  return transaction(async tx => {
    if (operatorId === userId) return err("yourself")
    const operators = await tx.user.count({ where: { id: operatorId, isOperator: true, disabledAt: null } })
    if (operators === 0) return err("no_operator")
    if (!(await hasTwoFactor(tx, userId))) return err("off")
    const user = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    await removeTotp(tx, userId)
    await removeRecoveryCodes(tx, userId)
    // The address an operator works from is nothing for the mail to this person.
    await credentialChanged(tx, { user, what: "two_factor_reset", requester: unnamed })
    const { clientAddress } = requester
    await writeAudit(tx, {
      actorUserId: operatorId,
      act: "person.two_factor_reset",
      target: userId,
      clientAddress,
    })
    return ok()
  })
}

const unnamed: Requester = { clientAddress: "", userAgent: "" }
