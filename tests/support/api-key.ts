import { apiKeyPrefix } from "~/domain/organizations/api-key-lookup.server"
import { apiScopeList } from "~/domain/organizations/api-scopes"
import { now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { World } from "./world"

/** A key of Acme, made by its owner, that may do whatever keys may. */
export async function keyOfAcme({ cast: { acme, alice } }: World): Promise<string> {
  const key = apiKeyPrefix + randomToken()
  await db().apiKey.create({
    data: {
      id: newId(),
      organizationId: acme.id,
      createdById: alice.id,
      name: "Ledger",
      tokenHash: hashToken(key),
      hint: key.slice(0, 13),
      scopes: apiScopeList.join(","),
      createdAt: now(),
    },
  })
  return key
}
