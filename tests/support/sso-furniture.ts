import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { day } from "./cast"

/** Connected accounts of every kind: in daily use, with a long name and never used, and of a provider that is gone. */
export async function furnishConnections({ id: userId }: User): Promise<void> {
  const keep = (provider: string, label: string, connectedAt: Date, lastUsedAt?: Date) => {
    const id = newId()
    const issuer = `https://${provider}.test`
    return db().identity.create({
      data: { id, userId, provider, issuer, subject: id, label, connectedAt, lastUsedAt },
    })
  }
  await keep("google", "alice@acme.test", fromNow(-200 * day), fromNow(-day / 12))
  await keep(
    "microsoft",
    "alice.archer-with-a-rather-long-name@royal-society-for-the-preservation-of-lighthouses.example",
    fromNow(-3 * day),
  )
  await keep("shut-down-id", "alice", fromNow(-900 * day), fromNow(-400 * day))
}
