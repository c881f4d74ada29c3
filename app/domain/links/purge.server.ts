import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/** Deletes links that expired longer ago than KEEP_LINKS [L20]. Running it twice deletes nothing more. Returns how many. */
export async function purgeLinks(): Promise<number> {
  const purged = await db().link.deleteMany({ where: { expiresAt: { lt: fromNow(-env().keep.links) } } })
  return purged.count
}
