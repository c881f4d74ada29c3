import type { Role } from "~/domain/organizations/roles"

export type OpenInvitation = {
  state: "open"
  organizationName: string
  inviterName: string | undefined
  role: Role
  /** Masked; in full beside the address of another person who is signed in, or the two cannot be told apart [O4]. */
  address: string
  /** Signed in here as another person [O4]. */
  otherPerson: boolean
  /** The invited person has given no name yet. */
  asksName: boolean
  /** Everyone here has a password, and the invited person begins here. */
  asksPassword: boolean
}

/** What the page behind an invitation's link shows. */
export type InvitationPage =
  | OpenInvitation
  /** `newer`: this link has run out, but the invitation was sent again. */
  | { state: "invalid" | "revoked" | "sender_gone" | "archived" | "newer" }
  /** `slug` when the person signed in here is the one who used it: the way on. */
  | { state: "used"; slug: string | undefined }
  | { state: "expired"; organizationName: string; inviterName: string | undefined; askedAgain: boolean }
