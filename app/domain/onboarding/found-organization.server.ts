import type { Requester } from "~/domain/accounts/requester"
import { startOnboarding } from "~/domain/onboarding/progress.server"
import { createOrganization } from "~/domain/organizations/organizations.server"
import type { Result } from "~/lib/result"
import { err, ok } from "~/lib/result"
import { transaction } from "~/platform/db.server"
import { defineLimit } from "~/platform/rate-limit.server"

/** A person has a handful of organisations, not hundreds: enough for trying out, too little to fill the table. */
const perPerson = defineLimit({
  name: "organizations-per-person",
  points: () => 10,
  seconds: 24 * 60 * 60,
  durable: true,
})

/**
 * Someone makes an organisation of their own: it, their membership as owner, and its guided set-up, in one transaction. Fails
 * with `too_many` after ten in a day.
 */
export async function foundOrganization(founding: {
  name: string
  ownerId: string
  requester: Requester
}): Promise<Result<{ id: string; slug: string }, "too_many">> {
  if (!(await perPerson.consume(founding.ownerId)).ok) return err("too_many")
  const organization = await transaction(async tx => {
    const created = await createOrganization(tx, founding)
    await startOnboarding(tx, created.id)
    return created
  })
  return ok(organization)
}
