/** Why an invitation cannot be accepted, in the words its page and its messages use. */
export const invitationTroubles = {
  invalid: {
    title: "This link does not work",
    lead: "It may have been cut in half on its way. Open it once more from the mail, or ask for a new invitation.",
  },
  not_found: {
    title: "This invitation is not there",
    lead: "It may have been for another address. Ask the person who invited you.",
  },
  used: {
    title: "This invitation has been used",
    lead: "If it was you, sign in and you are in.",
  },
  accepted: {
    title: "This invitation has been used",
    lead: "If it was you, sign in and you are in.",
  },
  revoked: {
    title: "This invitation was withdrawn",
    lead: "Ask the person who invited you whether it was meant to be.",
  },
  sender_gone: {
    title: "This invitation is no longer valid",
    lead: "Whoever sent it may not invite people there any more. Ask an owner of the organisation to invite you.",
  },
  newer: {
    title: "There is a newer invitation",
    lead: "This link has expired, but the invitation was sent again. Look for the newest mail.",
  },
  expired: {
    title: "This invitation has expired",
    lead: "Ask the person who invited you to send it again.",
  },
  archived: {
    title: "This organisation is archived",
    lead: "Nobody can join it until it is restored. Ask the person who invited you.",
  },
  read_only: {
    title: "Nobody can join right now",
    lead: "The plan of this organisation is not paid. Your invitation stays open; ask the person who invited you.",
  },
  full: {
    title: "There is no seat left",
    lead: "The plan of this organisation is full. We have told its owner. Your invitation stays open; try again later.",
  },
  someone_else: {
    title: "This invitation is for another address",
    lead: "Open the link from the mail once more to choose how to go on.",
  },
  sign_in_first: {
    title: "Sign in to accept",
    lead: "There is an account with the invited address. Sign in with it, and the invitation is shown to you.",
  },
  disabled: {
    title: "This account is shut",
    lead: "You cannot sign in with it at the moment. Ask the person who runs this site.",
  },
} as const

export type InvitationTrouble = keyof typeof invitationTroubles
