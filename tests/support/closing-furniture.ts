import { archive } from "~/domain/organizations/archive.server"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { buildOrganization, day } from "./cast"

/** One organisation for each state of closing. The hourly round leaves them alone, because it finds its job under way. */
export async function furnishClosings(owner: User): Promise<void> {
  const trouble = "The payment provider does not answer."
  const closing = { closeRequestedAt: fromNow(-3 * day), closeRequestedBy: owner.id }
  await place(owner, "Lantern", "organization.close", { ...closing, closeTrouble: trouble })
  await place(owner, "Old Mill", "organization.close", {
    ...closing,
    closedAt: fromNow(-3 * day),
    eraseAt: fromNow(27 * day),
  })
  await place(owner, "Tide House", "organization.erase", {
    ...closing,
    closedAt: fromNow(-31 * day),
    eraseAt: fromNow(-day),
  })
}

type Closing = {
  closeRequestedAt: Date
  closeRequestedBy: string
  closeTrouble?: string
  closedAt?: Date
  eraseAt?: Date
}

async function place(owner: User, name: string, kind: string, closing: Closing): Promise<void> {
  const slug = name.toLowerCase().replace(" ", "-")
  const { id } = await buildOrganization(db(), { name, slug, members: [[owner, "owner"]] })
  await db().organization.update({ where: { id }, data: closing })
  if (closing.closedAt) await transaction(tx => archive(tx, id, "closing", { byUserId: owner.id }))
  const underWay = {
    state: "running",
    leaseUntil: fromNow(365 * day),
    runAt: fromNow(0),
    createdAt: fromNow(0),
  }
  await db().job.create({
    data: { id: newId(), kind, payload: JSON.stringify({ organizationId: id }), ...underWay },
  })
}
