import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/** Deletes mails of the log that are older than KEEP_MAIL_LOG and no longer queued. Returns how many. */
export async function purgeMailLog(): Promise<number> {
  const purged = await db().mail.deleteMany({
    where: { createdAt: { lt: fromNow(-env().keep.mailLog) }, state: { not: "queued" } },
  })
  return purged.count
}
