import { type Closing, triesAtMinute } from "~/domain/billing/closing"
import { now } from "~/platform/clock.server"
import { db, statement } from "~/platform/db.server"
import type { Organization } from "~/platform/models.server"

type Row = {
  closeRequestedAt: number | null
  closeTrouble: string | null
  closedAt: number | null
  eraseAt: number | null
}

const byId = statement<[string], Row>(
  "SELECT closeRequestedAt, closeTrouble, closedAt, eraseAt FROM Organization WHERE id = ?",
)

/** How far the closing of an organisation is. Runs for each page of it: one prepared statement. */
export function closingOf(organizationId: string): Closing {
  const { closeRequestedAt, closeTrouble: trouble, closedAt, eraseAt } = byId.get(organizationId) ?? nothing
  if (closedAt !== null && eraseAt !== null) {
    const since = new Date(closedAt)
    return eraseAt > +now()
      ? { state: "closed", since, eraseAt: new Date(eraseAt) }
      : { state: "erasing", since, trouble }
  }
  if (closeRequestedAt === null) return { state: "open" }
  return { state: "waiting", since: new Date(closeRequestedAt), trouble, nextTryAt: nextTry() }
}

/** Whether someone wants it closed, or it is: nothing can be bought for it. */
export async function isClosing(organizationId: string | null | undefined): Promise<boolean> {
  if (!organizationId) return false
  return (await db().organization.count({ where: { id: organizationId, ...beingClosed } })) > 0
}

/** The columns of an organisation that nobody wants to close. */
export const notClosing = {
  closeRequestedAt: null,
  closeRequestedBy: null,
  closeTrouble: null,
  closedAt: null,
  eraseAt: null,
} satisfies Partial<Organization>

export const beingClosed = { closeRequestedAt: { not: null } }

const nothing: Row = { closeRequestedAt: null, closeTrouble: null, closedAt: null, eraseAt: null }

/** In the time zone of the process, as the schedule runs. */
function nextTry(): Date {
  const next = now()
  next.setMinutes(triesAtMinute, 0, 0)
  return next > now() ? next : new Date(+next + 60 * 60 * 1000)
}
