import type { ReactNode } from "react"
import { Avatar } from "~/components/ui/avatar"
import { type Role, roleNames } from "~/domain/organizations/roles"

type Props = { organizationName: string; inviterName?: string; role: Role; children?: ReactNode }

/** One invitation: to where, from whom, as what, and the button to answer it. */
export function InvitationCard({ organizationName, inviterName, role, children }: Props) {
  return (
    <div className="flex flex-col gap-4 rounded-md border border-line bg-paper p-4">
      <div className="flex items-center gap-3">
        <Avatar name={organizationName} shape="organization" size="large" />
        <div className="min-w-0">
          <p className="break-words font-semibold text-base text-ink">{organizationName}</p>
          <p className="text-ink-soft text-sm">
            {`${inviterName ? `From ${inviterName}. ` : ""}Your role: ${roleNames[role].toLowerCase()}.`}
          </p>
        </div>
      </div>
      {children}
    </div>
  )
}
