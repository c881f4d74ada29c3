/**
 * Which tables can hold something of a person, what their export tells of it, and what deleting the account does with it. A test
 * compares this with prisma/schema.prisma: a new table with somebody's id or address does not pass unnoticed.
 */
export type Holding = {
  /** The part of the export that tells it, or why none does. */
  exported: string | { not: string }
  deleted: "removed" | "pseudonym" | "forgotten" | "kept hashed" | "nothing there"
}

const shortLived = { not: "It lives for minutes and holds nothing but its own hash." }
const ofOthers = { not: "It belongs to somebody else, and names this person by an id at most." }

export const holdings: Record<string, Holding> = {
  User: { exported: "person", deleted: "removed" },
  Session: { exported: "devices", deleted: "removed" },
  RefreshToken: { exported: "devices", deleted: "removed" },
  ApiKey: { exported: "apiKeys", deleted: "removed" },
  Link: { exported: "links", deleted: "removed" },
  Mail: { exported: "mails", deleted: "removed" },
  Job: { exported: { not: "It is work that waits, of what is told elsewhere." }, deleted: "removed" },
  Suppression: { exported: "suppression", deleted: "kept hashed" },
  Setting: { exported: { not: "It holds notices to operators." }, deleted: "pseudonym" },
  SecurityEvent: { exported: "history", deleted: "removed" },
  Password: { exported: "password", deleted: "removed" },
  Registration: { exported: shortLived, deleted: "nothing there" },
  Totp: { exported: "twoFactor", deleted: "removed" },
  RecoveryCode: { exported: "recoveryCodes", deleted: "removed" },
  Passkey: { exported: "passkeys", deleted: "removed" },
  PasskeyChallenge: { exported: shortLived, deleted: "removed" },
  Identity: { exported: "connections", deleted: "removed" },
  WaitingIdentity: {
    exported: { not: "It is sealed, lives for minutes, and is nobody's here until it is connected." },
    deleted: "removed",
  },
  SsoRequest: { exported: shortLived, deleted: "removed" },
  SignInChallenge: { exported: "waitingSignIns", deleted: "removed" },
  ProofCode: { exported: "proofCodes", deleted: "removed" },
  EmailChange: { exported: "addresses", deleted: "removed" },
  AuditEntry: { exported: "acts", deleted: "pseudonym" },
  Organization: { exported: "organizations", deleted: "forgotten" },
  ArchiveHold: { exported: ofOthers, deleted: "forgotten" },
  JoinableDomain: { exported: ofOthers, deleted: "forgotten" },
  DomainBar: { exported: "bars", deleted: "kept hashed" },
  OwnershipTransfer: { exported: "ownershipOffers", deleted: "removed" },
  Membership: { exported: "organizations", deleted: "removed" },
  Invitation: { exported: "invitations", deleted: "removed" },
  Checkout: { exported: "purchases", deleted: "pseudonym" },
  OnboardingStep: { exported: ofOthers, deleted: "forgotten" },
}
