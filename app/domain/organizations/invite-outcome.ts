/** What can come of inviting one address. */
export const inviteOutcomes = {
  invited: "sent",
  sent_again: "sent",
  role_changed: "sent",
  just_sent: "needless",
  already_member: "needless",
  no_address: "refused",
  role_too_high: "refused",
  no_seat: "refused",
  too_many: "refused",
  stopped: "refused",
} as const satisfies Record<string, "sent" | "needless" | "refused">

export type InviteOutcomeCode = keyof typeof inviteOutcomes

export const inviteOutcomeList = Object.keys(inviteOutcomes).filter((outcome): outcome is InviteOutcomeCode =>
  Object.hasOwn(inviteOutcomes, outcome),
)

/** Whether the person still has to be invited some other way. */
export function isRefused({ outcome }: { outcome: InviteOutcomeCode }): boolean {
  return inviteOutcomes[outcome] === "refused"
}
