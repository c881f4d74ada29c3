/** Every act of an organisation's audit log, in words [O10]: a label to filter by, and a sentence about who did it. */
import { formatDate, formatList } from "~/lib/format"

/** The name or address it happened to, else the target as written; and a detail as text, empty when there is none. */
type Say = (whom: string, detail: (key: string) => string) => string

const whyRevoked: Record<string, string> = {
  maker: ", because its maker went",
  not_me: ", because its maker said “this wasn’t me”",
}

export const auditSentences: Record<string, readonly [label: string, say: Say]> = {
  "organization.created": [
    "Organisation created",
    (_, d) => `Created the organisation ${d("name")} at /o/${d("slug")}`,
  ],
  "organization.renamed": ["Name changed", (_, d) => `Changed the name from ${d("from")} to ${d("to")}`],
  "organization.archived": [
    "Archived",
    (_, d) => `Archived the organisation, because ${becauseOf(d("because"))}${noted(d("note"))}`,
  ],
  "organization.restored": [
    "Restored",
    (_, d) =>
      d("stillArchived") === "true"
        ? `Took back that ${becauseOf(d("because"))}; it stays archived for another reason`
        : "Restored the organisation",
  ],
  "organization.address_changed": [
    "Address changed",
    (_, d) => `Changed the address from /o/${d("from")} to /o/${d("to")}`,
  ],
  "organization.logo_changed": ["Logo changed", () => "Put up a new logo"],
  "organization.logo_removed": ["Logo removed", () => "Took the logo down"],
  "organization.exported": ["Exported", () => "Downloaded everything the organisation holds"],
  "organization.audit_downloaded": [
    "Audit log downloaded",
    (_, d) => (d("filtered") === "true" ? "Downloaded a part of the audit log" : "Downloaded the audit log"),
  ],
  "organization.closing_requested": ["Closing asked for", () => "Asked to close the organisation"],
  "organization.closing_called_off": ["Closing called off", () => "Called the closing off"],
  "organization.closed": [
    "Closed",
    (_, d) => `Closed the organisation${d("eraseAt") && `; it is erased on ${day(d("eraseAt"))}`}`,
  ],
  "organization.reopened": [
    "Opened again",
    (_, d) =>
      `Took the closing back${d("stillArchived") && `; it stays archived, because ${d("stillArchived").split(",").map(becauseOf).join(", and ")}`}`,
  ],
  "member.joined_by_domain": [
    "Joined by domain",
    (_, d) => `Joined as ${role(d("role"))}, with an address at ${d("domain")}`,
  ],
  "member.came_back": ["Came back", (_, d) => `Came back by a former address, as ${role(d("role"))}`],
  "member.role_changed": [
    "Role changed",
    (whom, d) => `Changed the role of ${whom} from ${role(d("from"))} to ${role(d("to"))}`,
  ],
  "member.removed": ["Removed", (whom, d) => `Removed ${whom}, who was ${role(d("role"))}`],
  "member.disabled": [
    "Disabled",
    whom => `Disabled the account of ${whom}, who can sign in nowhere on this installation`,
  ],
  "member.enabled": ["Enabled", whom => `Enabled the account of ${whom} again`],
  "member.left": ["Left", (_, d) => `Left, as ${role(d("role"))}`],
  "ownership.offered": ["Ownership offered", whom => `Offered the ownership to ${whom}`],
  "ownership.accepted": ["Ownership accepted", whom => `Took the ownership over from ${whom}, now an admin`],
  "ownership.declined": ["Ownership declined", whom => `Declined the ownership that ${whom} offered`],
  "ownership.taken_back": ["Offer taken back", whom => `Took back the offer of ownership to ${whom}`],
  "security.sign_in_methods_changed": [
    "Ways to sign in changed",
    (_, d) => `Changed the ways to sign in from ${ways(d("from"))} to ${ways(d("to"))}`,
  ],
  "security.second_factor_changed": [
    "Second factor",
    (_, d) =>
      d("required") === "true"
        ? "Required a second factor of all members"
        : "Stopped requiring a second factor",
  ],
  "key.created": [
    "API key created",
    (whom, d) =>
      `Created the API key ${whom} (${d("hint")}…)${d("expires") && `, which ends on ${day(d("expires"))}`}`,
  ],
  "key.revoked": [
    "API key revoked",
    (whom, d) => `Revoked the API key ${whom} (${d("hint")}…)${whyRevoked[d("because")] ?? ""}`,
  ],
  "invitation.sent": ["Invitation sent", (whom, d) => `Invited ${whom} as ${role(d("role"))}`],
  "invitation.resent": [
    "Invitation sent again",
    (whom, d) =>
      `Sent the invitation of ${whom} as ${role(d("role"))} again${d("from") && `, before as ${role(d("from"))}`}`,
  ],
  "invitation.revoked": [
    "Invitation withdrawn",
    (whom, d) =>
      `Withdrew the invitation of ${whom}${d("because") && ", whose sender may not invite so any more"}`,
  ],
  "invitation.accepted": [
    "Invitation accepted",
    (whom, d) => `Accepted the invitation for ${whom}${d("role") && `, as ${d("role")}`}`,
  ],
  "domain.added": ["Domain added", domain => `Let everyone with an address at ${domain} join`],
  "domain.removed": ["Domain removed", domain => `Stopped letting people of ${domain} join by themselves`],
  "billing.address_changed": [
    "Billing e-mail changed",
    (_, d) => `Changed the billing e-mail from ${d("from") || "none"} to ${d("to") || "none"}`,
  ],
  "billing.subscription_added": [
    "Plan added",
    (_, d) => `The plan ${named(d("plan"))} was added at the payment provider: ${plain(d("status"))}`,
  ],
  "billing.plan_bought": [
    "Plan bought",
    (_, d) => `Bought the plan ${named(d("plan"))}, paid by the ${d("interval")}`,
  ],
  "billing.subscription_changed": [
    "Plan changed",
    (_, d) =>
      `The plan ${named(d("plan"))} is ${plain(d("status"))}${d("ending") && `, ending on ${day(d("ending"))}`}`,
  ],
  "billing.admins_allowed": ["Billing by admins", () => "Let admins manage billing, too"],
  "billing.admins_disallowed": ["Billing by admins ended", () => "Kept billing to the owners again"],
  "billing.plan_change_asked": [
    "Plan change asked for",
    (_, d) =>
      `Asked to change the plan from ${named(d("fromPlan"))}, paid by the ${d("fromInterval")}, to ${named(d("plan"))}, paid by the ${d("interval")}`,
  ],
  "billing.plan_changed": [
    "Plan chosen",
    (_, d) =>
      `Changed the plan from ${named(d("fromPlan"))}, paid by the ${d("fromInterval")}, to ${named(d("plan"))}, paid by the ${d("interval")}`,
  ],
  "billing.end_set": [
    "Plan set to end",
    (_, d) => `Set the plan ${named(d("plan"))} to end${d("endsAt") && ` on ${day(d("endsAt"))}`}`,
  ],
  "billing.end_taken_back": [
    "Plan kept",
    (_, d) => `Kept the plan ${named(d("plan"))}, which was set to end`,
  ],
  "billing.plan_resumed": [
    "Plan resumed",
    (_, d) => `Resumed the plan ${named(d("plan"))}, which was paused`,
  ],
  "billing.buyer_address_corrected": [
    "Buyer’s address corrected",
    (_, d) => `Corrected the buyer’s address from ${d("from")} to ${d("to")}`,
  ],
}

const reasons: Record<string, string> = {
  operator: "an operator decided so",
  billing: "its bills were not paid",
  closing: "it is being closed",
}

function becauseOf(reason: string): string {
  return reasons[reason] ?? reason
}

function noted(note: string): string {
  return note && `: ${note}`
}

function day(moment: string): string {
  return formatDate(moment, "UTC")
}

function ways(methods: string): string {
  return methods === "any" ? "any" : formatList(methods.split(","))
}

function role(name: string): string {
  return name || "member"
}

function named(plan: string): string {
  return plan ? plan.charAt(0).toUpperCase() + plan.slice(1) : "of unknown price"
}

function plain(status: string): string {
  return status.replaceAll("_", " ")
}
