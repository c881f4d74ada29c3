import { now } from "~/platform/clock.server"
import { type Client, db } from "~/platform/db.server"
import { log } from "~/platform/log.server"

export type Alert = { key: string; title: string; words: string; at: Date }

const prefix = "alert."

/** Shows the operator that something needs them, until it is cleared. Raising it again only moves its time. Joins `client`'s transaction. */
export async function raiseAlert(
  key: string,
  alert: { title: string; words: string },
  client: Client = db(),
): Promise<void> {
  const value = JSON.stringify(alert)
  await client.setting.upsert({
    where: { key: prefix + key },
    create: { key: prefix + key, value, updatedAt: now() },
    update: { value, updatedAt: now() },
  })
  log.warn({ alert: key }, alert.title)
}

/** Every alert that stands, the latest first. */
export async function listAlerts(): Promise<Alert[]> {
  const rows = await db().setting.findMany({
    where: { key: { startsWith: prefix } },
    orderBy: { updatedAt: "desc" },
  })
  return rows.map(row => ({ ...JSON.parse(row.value), key: row.key.slice(prefix.length), at: row.updatedAt }))
}

/** Takes an alert down. Joins `client`'s transaction. */
export async function clearAlert(key: string, client: Client = db()): Promise<void> {
  await client.setting.deleteMany({ where: { key: prefix + key } })
}
