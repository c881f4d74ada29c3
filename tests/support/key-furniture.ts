import { markStep } from "~/domain/onboarding/progress.server"
import { apiScopeList } from "~/domain/organizations/api-scopes"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { Organization, User } from "~/platform/models.server"
import { buildApiKey, day } from "./cast"
import { member } from "./membership"

type People = { alice: User; amir: User; charlie: User; dora: User; acme: Organization }

/** Keys in every state, one of them with a name and scopes that fill the page; and a set-up that waits for its first. */
export async function furnishKeys({ alice, amir, charlie, dora, acme: organization }: People) {
  const used = await buildApiKey(db(), {
    organization,
    maker: alice,
    name: "Nightly export to the warehouse of the Featherstonehaugh-Cholmondeley subsidiary",
    scopes: apiScopeList,
    createdAt: fromNow(-40 * day),
    expiresAt: fromNow(50 * day),
    lastUsedAt: fromNow(-0.1 * day),
  })
  const old = { organization, createdAt: fromNow(-90 * day), scopes: ["members:read"] } as const
  await buildApiKey(db(), { ...old, maker: amir, name: "Try-out", expiresAt: fromNow(-60 * day) })
  await buildApiKey(db(), { ...old, maker: dora, name: "Old website" })
  const founder = await member(charlie, "willow-works")
  await markStep(founder, "workspace", "done")
  await markStep(founder, "invite_member", "skipped")
  return { used: used.id }
}
