import { queueMail } from "~/domain/mail/outbox.server"
import { now } from "~/platform/clock.server"
import { transaction } from "~/platform/db.server"

/** Tells the owners that someone invited found no seat [O6]: at most once a day, organisation and owner. */
export async function tellOwnersOfFullPlan(
  organizationId: string,
  facts: { invited: string; seats: number },
): Promise<void> {
  const day = now().toISOString().slice(0, 10)
  await transaction(async tx => {
    const organization = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      include: { memberships: { where: { role: "owner" }, include: { user: true } } },
    })
    for (const { user } of organization.memberships) {
      await queueMail(tx, {
        template: "seats_full",
        organizationId,
        to: user.email,
        parameters: { organizationName: organization.name, organizationSlug: organization.slug, ...facts },
        dedupeKey: `seats_full:${organizationId}:${user.id}:${day}`,
      })
    }
  })
}
