import { Badge, type BadgeTone } from "~/components/ui/badge"
import { CopyField } from "~/components/ui/copy-field"
import { type InviteOutcomeCode, isRefused } from "~/domain/organizations/invite-outcome"
import { aRole, type Role } from "~/domain/organizations/roles"
import type { FormProblem } from "~/lib/form-problem"

/** `role` where it is another one than the invitation had. */
export type InviteLine = { typed: string; outcome: InviteOutcomeCode; role?: Role; link?: string }

const said = {
  invited: ["good", "Invited", ""],
  sent_again: ["good", "Sent again", "The invitation begins anew, with a fresh link."],
  role_changed: ["good", "Sent again", "The invitation has another role now."],
  just_sent: ["plain", "Just sent", "A mail went out less than a minute ago."],
  already_member: ["plain", "Is a member", "Nothing was sent."],
  no_address: ["bad", "Not an address", "Check the spelling and try again."],
  role_too_high: ["bad", "Not yours to change", "An owner has invited this person as owner."],
  no_seat: ["bad", "No seat left", "Choose a larger plan, or withdraw an invitation that is not needed."],
  too_many: ["bad", "Too many", "Enough mail for now. Try again in an hour."],
  stopped: ["bad", "Not sent", "Your role here, or the organisation itself, has just changed."],
} as const satisfies Record<InviteOutcomeCode, readonly [BadgeTone, string, string]>

/** What the pages that invite answer to a list: each line, and the role that was chosen for them. */
export type InviteAnswer = { lines: InviteLine[]; role?: string }

/** What the form gets back: the addresses that could not be invited. Undefined when all could. */
export function leftOver({ lines, role }: InviteAnswer): FormProblem | undefined {
  const failed = lines.filter(isRefused).map(line => line.typed)
  if (failed.length === 0) return undefined
  const addresses =
    failed.length === 1
      ? "This one could not be invited, see above."
      : "These could not be invited, see above."
  return { fields: { addresses }, values: { addresses: failed.join("\n"), role } }
}

function moreOf({ outcome, role }: InviteLine): string {
  return role ? `Now as ${aRole(role)}.` : said[outcome][2]
}

/** One line in a sentence or two, for a toast. */
export function inviteToast(line: InviteLine): { kind: "good" | "bad"; words: string } {
  const [, word] = said[line.outcome]
  return {
    kind: isRefused(line) ? "bad" : "good",
    words: `${line.typed}: ${word.toLowerCase()}. ${moreOf(line)}`.trim(),
  }
}

/** What came of each address. Where mail is not set up, the link to hand over is shown here, this once. */
export function InviteLines({ lines }: { lines: readonly InviteLine[] }) {
  return (
    <ul className="divide-y divide-line text-sm" aria-label="What came of each address">
      {lines.map(line => (
        <Line key={line.typed} line={line} />
      ))}
    </ul>
  )
}

function Line({ line }: { line: InviteLine }) {
  const { typed, outcome, link, role } = line
  const [tone, word] = said[outcome]
  const more = moreOf(line)
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 break-all font-medium text-ink">{typed}</span>
        <Badge tone={tone}>{word}</Badge>
      </div>
      {more && (role || !link) && <p className="text-ink-soft">{more}</p>}
      {link && <HandOver typed={typed} link={link} />}
    </li>
  )
}

function HandOver({ typed, link }: { typed: string; link: string }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-ink-soft">Mail is not set up. Hand this link over yourself; it is shown only now.</p>
      <CopyField label={`Link for ${typed}`} text={link} copyLabel="Copy link" />
    </div>
  )
}
