export type InvitationState = "open" | "accepted" | "revoked" | "expired"

/** What an invitation is worth at this moment. Accepted and withdrawn count more than out of time. */
export function invitationState(
  invitation: { acceptedAt: Date | null; revokedAt: Date | null; expiresAt: Date },
  at: Date,
): InvitationState {
  if (invitation.acceptedAt) return "accepted"
  if (invitation.revokedAt) return "revoked"
  return invitation.expiresAt > at ? "open" : "expired"
}
