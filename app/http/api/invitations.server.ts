/** Invitations, and what comes of sending them, as programs see them. */
import { z } from "zod"
import type { InvitationView } from "~/domain/organizations/invitations.server"
import type { InviteLine } from "~/domain/organizations/invite.server"
import { type InviteOutcomeCode, inviteOutcomeList } from "~/domain/organizations/invite-outcome"
import { roles } from "~/domain/organizations/roles"
import { type FailureCode, failureJson } from "~/http/failures.server"

export const InvitationAnswer = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.enum(roles),
    state: z.enum(["open", "expired"]),
    sentAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    invitedBy: z
      .object({ id: z.string(), name: z.string(), email: z.string() })
      .nullable()
      .meta({ description: "Null when that account is gone." }),
    askedAgain: z.boolean().meta({ description: "The person found it expired, and asked for another one." }),
  })
  .meta({ id: "Invitation" })

export const InviteOutcome = z
  .object({
    email: z.string().meta({ description: "As you sent it." }),
    outcome: z.enum(inviteOutcomeList).meta({
      description: [
        "`invited`, `sent_again` and `role_changed`: a mail is on its way.",
        "`just_sent` and `already_member`: nothing was to be done.",
        "`no_address`, `role_too_high`, `no_seat`, `too_many` and `stopped`: refused, for what the address says, for the role the invitation has, for the plan, for the limit of an hour, or because your own role has changed.",
      ].join("\n\n"),
    }),
  })
  .meta({ id: "InviteOutcome" })

/** An invitation in these terms. Only what waits for an answer is ever listed. */
export function tellInvitation(invitation: InvitationView): z.input<typeof InvitationAnswer> {
  const { id, emailTyped: email, role, state, sentAt, expiresAt, inviter, askedAgain } = invitation
  return {
    id,
    email,
    role,
    state: state === "open" ? "open" : "expired",
    sentAt: sentAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    invitedBy: inviter ?? null,
    askedAgain,
  }
}

/** What came of one address: never the link, which belongs to whoever has the mailbox. */
export function tellOutcome({ typed: email, outcome }: InviteLine): z.input<typeof InviteOutcome> {
  return { email, outcome }
}

const hour = 60 * 60

const refusals: Partial<Record<InviteOutcomeCode, readonly [FailureCode, words?: string]>> = {
  role_too_high: ["forbidden", "You cannot give someone a role above your own."],
  no_seat: ["no_seat"],
  already_member: ["already_member"],
  stopped: ["conflict", "Your role here, or the organisation itself, has just changed."],
}

/** The answer when this outcome is all that came of a call; undefined for one that was wished for. */
export function outcomeRefused(outcome: InviteOutcomeCode): Response | undefined {
  if (outcome === "too_many")
    return failureJson("too_many_requests", {
      words: "That is enough mail for now. Try again in an hour.",
      retryAfterSeconds: hour,
    })
  const [code, words] = refusals[outcome] ?? []
  return code && failureJson(code, { words })
}
