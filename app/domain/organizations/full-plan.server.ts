import { tellOwners } from "~/domain/organizations/owners.server"
import { now } from "~/platform/clock.server"
import { transaction } from "~/platform/db.server"

/** Tells the owners who can sign in that someone invited found no seat [O6]: at most once a day, organisation and owner. */
export async function tellOwnersOfFullPlan(
  organizationId: string,
  facts: { invited: string; seats: number },
): Promise<void> {
  const day = now().toISOString().slice(0, 10)
  await transaction(tx =>
    tellOwners(tx, organizationId, organization => ({
      template: "seats_full",
      parameters: { ...organization, ...facts },
      about: day,
    })),
  )
}
