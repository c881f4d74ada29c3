/**
 * The audit log of an organisation as its owners and admins read it [O10], the latest first. Lines are only ever added;
 * who acted is looked up when it is read, so that a line of someone whose account is gone stays, without a name.
 */
import { type AuditQuery, timeOf } from "~/domain/organizations/audit-filter"
import { type AuditLineView, described, findActors } from "~/domain/organizations/audit-people.server"
import { actsMeant } from "~/domain/organizations/audit-words"
import type { Membership } from "~/domain/organizations/memberships.server"
import type { Page, Place } from "~/lib/cursor"
import { readPage, readWhole, type Stretch } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"
import type { AuditEntry } from "~/platform/models.server"

/** Lines on one page of the log. */
export const auditPerPage = 50

/** One page of the log, as filtered. The caller has checked that this member may read it. */
export async function listAudit(
  { organizationId }: Membership,
  query: AuditQuery,
  place: Place,
): Promise<Page<AuditLineView>> {
  const page = await readPage(place, {
    size: auditPerPage,
    order: "desc",
    read: await readerOf(organizationId, query),
    at: line => line.at,
  })
  return { ...page, rows: await described(organizationId, page.rows, "member") }
}

/** The whole log, as filtered, the latest first: in batches, so that its length costs no memory. */
export async function* allAudit(
  { organizationId }: Membership,
  query: AuditQuery,
): AsyncGenerator<AuditLineView[]> {
  const read = await readerOf(organizationId, query)
  const lines = readWhole({ size: 1_000, order: "desc", read, at: line => line.at })
  for await (const batch of lines) yield await described(organizationId, batch, "member")
}

/** The latest lines of any organisation, for operators: whoever acted is named. */
export async function latestAudit(organizationId: string, take: number): Promise<AuditLineView[]> {
  const read = await readerOf(organizationId, {})
  return described(organizationId, await read({ take, order: "desc" }), "operator")
}

/**
 * Reads lines along the index of what they are filtered by. Several people, or several acts, are read one by one and merged:
 * each has an index in the order of time, both together have none.
 */
async function readerOf(organizationId: string, query: AuditQuery) {
  const acts = query.act ? actsMeant(query.act) : undefined
  const actors = query.who ? await findActors(organizationId, query.who) : undefined
  const tracks = actors
    ? actors.map(actorUserId => ({ actorUserId, ...(acts && { act: { in: acts } }) }))
    : (acts?.map(act => ({ act })) ?? [{}])
  const time = timeOf(query)

  return async ({ take, order, at, passed }: Stretch): Promise<AuditEntry[]> => {
    const found = await Promise.all(
      tracks.map(track =>
        db().auditEntry.findMany({
          where: { organizationId, ...track, at: { ...time }, AND: { at }, NOT: passed },
          orderBy: [{ at: order }, { id: order }],
          take,
        }),
      ),
    )
    const sign = order === "asc" ? 1 : -1
    const merged = found.flat()
    return found.length === 1 ? merged : merged.sort((a, b) => sign * compare(a, b)).slice(0, take)
  }
}

function compare(a: AuditEntry, b: AuditEntry): number {
  return a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1)
}
