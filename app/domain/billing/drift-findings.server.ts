/**
 * What comparisons with Stripe found [D3]. A finding is written in the transaction that repairs it. What cannot be repaired
 * stands once, however often it is found again, and counts as repaired from the comparison on that finds it in order.
 */
import type { Difference } from "~/domain/billing/differences"
import type { Page, Place } from "~/lib/cursor"
import { now } from "~/platform/clock.server"
import { readPage } from "~/platform/cursor-page.server"
import { type Client, db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { DriftFinding } from "~/platform/models.server"

type About = { organizationId: string | null; objectId: string }

/** Writes down what was repaired. Joins `client`'s transaction. Returns the ids of the findings. */
export async function noteRepairs(
  client: Client,
  about: About,
  differences: Difference[],
): Promise<string[]> {
  const { organizationId, objectId: stripeSubscriptionId } = about
  const at = now()
  const data = differences.map(found => {
    return { ...found, id: newId(), organizationId, stripeSubscriptionId, repaired: true, at }
  })
  await client.driftFinding.createMany({ data })
  return data.map(({ id }) => id)
}

/** Takes back what turned out to be no difference. */
export async function withdrawFindings(ids: string[]): Promise<void> {
  await db().driftFinding.deleteMany({ where: { id: { in: ids } } })
}

/** Writes down what cannot be repaired, unless it stands already. Returns whether it is new. */
export async function noteStanding(about: About, found: Difference): Promise<boolean> {
  const { organizationId, objectId: stripeSubscriptionId } = about
  const stands = await db().driftFinding.count({
    where: { stripeSubscriptionId, what: found.what, repaired: false },
  })
  if (stands > 0) return false
  await db().driftFinding.create({
    data: { ...found, id: newId(), organizationId, stripeSubscriptionId, repaired: false, at: now() },
  })
  return true
}

/** What stands unrepaired, by Stripe's ids. */
export async function standingFindings(): Promise<Set<string>> {
  const rows = await db().driftFinding.findMany({
    where: { repaired: false },
    select: { stripeSubscriptionId: true },
  })
  return new Set(rows.map(row => row.stripeSubscriptionId))
}

/** Strikes off what is in order again. */
export async function strikeOff(stripeSubscriptionId: string): Promise<void> {
  await db().driftFinding.updateMany({
    where: { stripeSubscriptionId, repaired: false },
    data: { repaired: true },
  })
}

/** A finding as the operator sees it. */
export type DeskFinding = Omit<DriftFinding, "organizationId"> & {
  organization: { id: string; name: string } | null
}

const perPage = 50

/** One page of all findings, the latest first; `standing` leaves out what is repaired. */
export async function listFindings(standing: boolean, place: Place): Promise<Page<DeskFinding>> {
  const page = await readPage(place, {
    size: perPage,
    order: "desc",
    read: ({ take, order, at, passed }) =>
      db().driftFinding.findMany({
        where: {
          at,
          NOT: passed && { at: passed.at, id: passed.id },
          ...(standing && { repaired: false }),
        },
        orderBy: [{ at: order }, { id: order }],
        take,
      }),
    at: row => row.at,
  })
  const ids = page.rows.flatMap(({ organizationId }) => organizationId ?? [])
  const organizations = await db().organization.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true },
  })
  const rows = page.rows.map(({ organizationId, ...finding }) => {
    return { ...finding, organization: organizations.find(({ id }) => id === organizationId) ?? null }
  })
  return { ...page, rows }
}
