/** Why an organisation can be archived: an operator decided so, its bills are not paid, or its owners closed it. */
export const holdReasons = ["operator", "billing", "closing"] as const

export type HoldReason = (typeof holdReasons)[number]

/** Narrows a stored value. */
export function isHoldReason(value: unknown): value is HoldReason {
  return holdReasons.some(reason => reason === value)
}
