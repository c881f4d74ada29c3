import type { Requester } from "~/domain/accounts/requester"
import { archive, restore } from "~/domain/organizations/archive.server"
import { transaction } from "~/platform/db.server"

/** Archives an organisation on an operator's word, which the owners read. False when one has done so already, or it is gone. */
export function archiveByOperator(
  operatorId: string,
  organizationId: string,
  note: string,
  { clientAddress }: Requester,
): Promise<boolean> {
  const by = { byUserId: operatorId, clientAddress, note }
  return transaction(tx => archive(tx, organizationId, "operator", by))
}

/**
 * Takes back what an operator has archived, and says whether that restored the organisation: `still_archived` when there is
 * another reason, `not_archived` when no operator had archived it.
 */
export function restoreByOperator(
  operatorId: string,
  organizationId: string,
  { clientAddress }: Requester,
): Promise<"restored" | "still_archived" | "not_archived"> {
  return transaction(async tx => {
    const lifted = await restore(tx, organizationId, "operator", { byUserId: operatorId, clientAddress })
    if (!lifted) return "not_archived"
    const others = await tx.archiveHold.count({ where: { organizationId } })
    return others > 0 ? "still_archived" : "restored"
  })
}
