import type { HoldReason } from "~/domain/organizations/hold-reasons"
import type { Role } from "~/domain/organizations/roles"

/** Why an organisation is archived, and whom to ask: for the people who belong to it. */
export type ArchivedView = {
  organization: { slug: string; name: string }
  role: Role
  /** Owners, and admins where the owners let them: what they pay for may be what it is archived for. */
  mayPay: boolean
  holds: readonly Hold[]
  /** When a closed one is erased. */
  eraseAt: Date | null
  /** The owners who can still sign in, the longest there first, and no more than a few. */
  owners: readonly { name: string; email: string }[]
}

export type Hold = {
  because: HoldReason
  at: Date
  /** What the operator says of it; empty when nothing. */
  note: string
  /** Who closed it; operators act for the installation, not in their own name. */
  by: string | undefined
}

const reasons: Record<HoldReason, string> = {
  operator: "an operator of this installation archived it",
  billing: "its plan is not paid",
  closing: "it was closed",
}

/** Why an organisation is archived, as the end of a sentence; empty for no reason. */
export function reasonsToArchive(because: readonly HoldReason[]): string {
  return because.map(one => reasons[one]).join(", and ")
}

/** One sentence on why, and one on whom to ask: for programs and for pages that have no room for more. */
export function archivedWords({ organization, role, mayPay, holds, owners }: ArchivedView): string {
  const why = holds.map(({ because, note }) => reasons[because] + (note && ` (“${note}”)`)).join(", and ")
  const what = `${organization.name} is archived${why && `: ${why}`}.`
  if (role === "owner") return `${what} As an owner you still reach billing, the export and closing.`
  if (mayPay && owesPayment(holds)) return `${what} You can put that right in billing.`
  if (owners.length === 0) return what
  return `${what} Ask ${owners.map(({ name, email }) => (name ? `${name} (${email})` : email)).join(" or ")}.`
}

/** Whether it is archived for its unpaid plan, at least among others. */
export function owesPayment(holds: readonly Pick<Hold, "because">[]): boolean {
  return holds.some(({ because }) => because === "billing")
}
