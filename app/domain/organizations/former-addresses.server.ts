/**
 * The addresses an organisation had before. Each leads its members to the one it has now; to strangers it is nothing, like any
 * address they do not belong to [O9]. As long as it leads there, no other organisation can have it.
 */
import { db, statement } from "~/platform/db.server"

/** So many lead on; with one more, the oldest is free for others. */
export const mostFormerAddresses = 5

const current = statement<[string, string], { slug: string }>(`
  SELECT o.slug FROM SlugRedirect r
  JOIN Organization o ON o.id = r.organizationId
  JOIN Membership m ON m.organizationId = o.id AND m.userId = ?
  WHERE r.slug = ?`)

/** The slug that the organisation of this former one has now, for its members. */
export function currentSlugOf(userId: string, former: string): string | undefined {
  return current.get(userId, former)?.slug
}

/** The former slugs of an organisation that still lead to it, the latest first. */
export async function formerSlugsOf(organizationId: string): Promise<string[]> {
  const rows = await db().slugRedirect.findMany({
    where: { organizationId },
    orderBy: [{ createdAt: "desc" }, { slug: "asc" }],
  })
  return rows.map(row => row.slug)
}
