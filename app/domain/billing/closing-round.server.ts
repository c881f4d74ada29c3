/**
 * The hourly round of closing [O11]: what waits for Stripe is tried again for as long as it takes, organisations whose grace is
 * over are erased, and their owners hear of it three days before. It is driven by `now()` and the rows alone, so whatever was
 * lost – a job, an hour, a day without a server – the next round makes up for.
 */
import { isLive, statuses } from "~/domain/billing/access"
import { finishClosing } from "~/domain/billing/close-organization.server"
import { beingClosed } from "~/domain/billing/closing.server"
import { dueForErasure, eraseOrganization } from "~/domain/billing/erase-organization.server"
import { resumePlans } from "~/domain/billing/reopen-organization.server"
import { tellOwners } from "~/domain/organizations/owners.server"
import { formatUtcDate } from "~/lib/format"
import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"

const day = 24 * 60 * 60 * 1000
const warnBefore = 3 * day

/** Something that would still be charged for: bought, or taken up again in the portal, after the organisation was closed. */
const goesOn = { endedAt: null, cancelAt: null, status: { in: statuses.filter(isLive) } }
const openPage = { state: { in: ["open", "on_its_way"] }, stripeSessionId: { not: null } }

/** Puts everything that is due into the queue. Running it twice changes nothing. */
export async function followClosings(): Promise<void> {
  await tellOfErasure()
  const { organization } = db()
  const select = { id: true }
  const due = await organization.findMany({ where: dueForErasure(), select })
  for (const { id } of due) await eraseOrganization.enqueueOnce(id)
  const waiting = await organization.findMany({
    where: {
      ...beingClosed,
      OR: [
        { closedAt: null },
        { eraseAt: { gt: now() }, subscriptions: { some: goesOn } },
        { eraseAt: { gt: now() }, checkouts: { some: openPage } },
      ],
    },
    select,
  })
  for (const { id } of waiting) await finishClosing.enqueueOnce(id)
  const stillEnding = { subscriptions: { some: { endedByClosingAt: { not: null } } } }
  const reopened = await organization.findMany({ where: { closeRequestedAt: null, ...stillEnding }, select })
  for (const { id } of reopened) await resumePlans.enqueueOnce(id)
}

/** Once for each erasure. Where the grace is that short, the mail of the closing said so a moment ago. */
async function tellOfErasure(): Promise<void> {
  const soon = await db().organization.findMany({
    where: { closedAt: { not: null }, eraseAt: { gt: now(), lte: fromNow(warnBefore) } },
    select: { id: true, closedAt: true, eraseAt: true },
  })
  for (const { id, closedAt, eraseAt } of soon) {
    if (!closedAt || !eraseAt || +eraseAt - +closedAt <= warnBefore) continue
    await transaction(async tx => {
      const still = await tx.organization.count({ where: { id, eraseAt } })
      if (still === 0) return
      await tellOwners(tx, id, organization => ({
        template: "organization_erased_soon",
        parameters: { ...organization, eraseOn: formatUtcDate(eraseAt) },
        about: eraseAt.toISOString(),
      }))
    })
  }
}
