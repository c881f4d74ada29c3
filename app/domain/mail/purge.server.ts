import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

const day = 24 * 60 * 60 * 1000

/**
 * Deletes mails of the log that are older than KEEP_MAIL_LOG and no longer queued. What keeps a mail about a plan from being
 * sent twice stays for as long as it could be. Returns how many.
 */
export async function purgeMailLog(): Promise<number> {
  const { keep, billing } = env()
  const sentAgainUntil = (billing.graceDays + billing.readOnlyDays + 1) * day
  const purged = await db().mail.deleteMany({
    where: {
      state: { not: "queued" },
      OR: [
        { createdAt: { lt: fromNow(-keep.mailLog) }, dedupeKey: null },
        { createdAt: { lt: fromNow(-Math.max(keep.mailLog, sentAgainUntil)) } },
      ],
    },
  })
  return purged.count
}
