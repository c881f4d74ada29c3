import type { Requester } from "~/domain/accounts/requester"
import { startOnboarding } from "~/domain/onboarding/progress.server"
import { createOrganization } from "~/domain/organizations/organizations.server"
import { ok, type Result } from "~/lib/result"
import { transaction } from "~/platform/db.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

/** A person has a handful of organisations, not hundreds: enough for trying out, too little to fill the table. */
const perPerson = defineLimit({
  name: "organizations-per-person",
  points: () => 10,
  seconds: 24 * 60 * 60,
  durable: true,
})

/**
 * Someone makes an organisation of their own: it, their membership as owner, and its guided set-up, in one transaction. Fails
 * with the wait after ten in a day.
 */
export async function foundOrganization(founding: {
  name: string
  ownerId: string
  requester: Requester
}): Promise<Result<{ id: string; slug: string }, TooMany>> {
  const counted = await perPerson.consume(founding.ownerId)
  if (!counted.ok) return counted
  const organization = await transaction(async tx => {
    const created = await createOrganization(tx, founding)
    await startOnboarding(tx, created.id)
    return created
  })
  return ok(organization)
}
