import { Badge } from "~/components/ui/badge"
import { Facts } from "~/components/ui/facts"
import { Time } from "~/components/ui/time"
import type { InvitationState } from "~/domain/organizations/invitation-state"
import { type Role, roleNames } from "~/domain/organizations/roles"

type Props = {
  invitation: {
    emailTyped: string
    role: Role
    state: InvitationState
    sentAt: Date | string
    expiresAt: Date | string
    inviter?: { name: string }
    askedAgain: boolean
  }
}

const states = {
  open: ["good", "Waits for an answer"],
  accepted: ["plain", "Accepted"],
  revoked: ["plain", "Withdrawn"],
  expired: ["warn", "Expired"],
} as const

/** One invitation, as those see it who may invite. */
export function InvitationFacts({ invitation }: Props) {
  const { emailTyped, role, state, sentAt, expiresAt, inviter, askedAgain } = invitation
  const [tone, words] = states[state]
  return (
    <Facts
      items={[
        { label: "Address", value: <span className="break-all">{emailTyped}</span> },
        { label: "Role", value: roleNames[role] },
        {
          label: "State",
          value: (
            <>
              <Badge tone={tone}>{words}</Badge> {askedAgain && "They have asked for a new one."}
            </>
          ),
        },
        {
          label: "Invited",
          value: (
            <>
              <Time at={sentAt} show="relative" /> {inviter && `by ${inviter.name}`}
            </>
          ),
        },
        { label: "Good until", value: <Time at={expiresAt} show="date" /> },
      ]}
    />
  )
}
