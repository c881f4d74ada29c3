/**
 * The keys by which programs of an organisation call the API [A3]. A key is 32 random bytes behind a prefix, told once, when it is
 * made: the database has its hash, and of the key itself four characters to know it by. It can hold no scope that its maker's role
 * lacks, and acts with that role as it is at each call (`api-key-lookup`). Revoking counts at the next call.
 */
import { tellOfChange } from "~/domain/accounts/credential-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { unended } from "~/domain/organizations/api-key-authority.server"
import { type ApiKeyView, viewOf, withMaker } from "~/domain/organizations/api-key-list.server"
import { apiKeyPrefix } from "~/domain/organizations/api-key-lookup.server"
import { type ApiScope, scopesOf } from "~/domain/organizations/api-scopes"
import type { Membership } from "~/domain/organizations/memberships.server"
import { plainName } from "~/domain/organizations/plain-name"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { type AuditLine, writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { type Tx, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { ApiKey } from "~/platform/models.server"

/** One for each program of a busy company, and few enough to look through. */
export const mostApiKeys = 50

/** What the database needs to know a key by: 24 of its 256 bits (four characters of base64url). */
const hintLength = apiKeyPrefix.length + 4

/** Milliseconds: ten years, by which time nobody knows what the key was for. */
const longestLife = 3_652 * 24 * 60 * 60 * 1_000

export type ApiKeyWish = { name: string; scopes: readonly ApiScope[]; expiresAt: Date | null }

/** `key` is told now and never again. */
export type MadeApiKey = { key: string; apiKey: ApiKeyView }

/** `changed`: the one who acts may not do so any more. */
export type ApiKeyRefusal = "no_scope" | "scope_not_yours" | "past" | "too_far" | "too_many" | "changed"

/** Why there is no key, in words. */
export const apiKeyRefusals: Record<ApiKeyRefusal, string> = {
  no_scope: "Choose at least one thing the key may do.",
  scope_not_yours: "A key cannot do more than you can.",
  past: "Choose a time that is still to come.",
  too_far: "Choose a time within the next ten years.",
  too_many: `There are ${mostApiKeys} keys, which is as many as there can be. Revoke one first.`,
  changed: "Your own role has just changed. Look at the page again.",
}

/** Makes a key and tells it, this once; that there is one, its maker is told by mail and in their history [S4]. Fails with why not. */
export async function createApiKey(
  membership: Membership,
  wish: ApiKeyWish,
  requester: Requester,
): Promise<Result<MadeApiKey, ApiKeyRefusal>> {
  const offered = scopesOf(membership.role)
  const scopes = offered.filter(scope => wish.scopes.includes(scope))
  if (wish.scopes.length === 0) return err("no_scope")
  if (!wish.scopes.every(scope => offered.includes(scope))) return err("scope_not_yours")
  if (wish.expiresAt && wish.expiresAt <= now()) return err("past")
  if (wish.expiresAt && !(wish.expiresAt <= fromNow(longestLife))) return err("too_far")
  const { organizationId, userId: createdById } = membership
  const key = apiKeyPrefix + randomToken()
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "keys.manage"))) return err("changed")
    if ((await tx.apiKey.count({ where: { organizationId, ...unended() } })) >= mostApiKeys)
      return err("too_many")
    const row = await tx.apiKey.create({
      data: {
        id: newId(),
        organizationId,
        createdById,
        name: wish.name,
        tokenHash: hashToken(key),
        hint: key.slice(0, hintLength),
        scopes: scopes.join(),
        createdAt: now(),
        expiresAt: wish.expiresAt,
      },
      include: withMaker,
    })
    const expires = row.expiresAt?.toISOString() ?? null
    await note(
      tx,
      membership,
      { act: "key.created", key: row, detail: { scopes: row.scopes, expires } },
      requester,
    )
    await tellOfChange(tx, {
      user: { id: createdById, email: row.createdBy.email },
      what: "api_key_made",
      detail: `${plainName(row.name)}, for ${plainName(membership.organization.name)}`,
      requester,
    })
    return ok({ key, apiKey: viewOf(row) })
  })
}

/**
 * Ends a key: its next call is refused. One that is revoked already stays so, without a further line. Fails with `not_found` for
 * another organisation's, and with `changed` when the person may not do so any more.
 */
export async function revokeApiKey(
  membership: Membership,
  id: string,
  requester: Requester,
): Promise<Result<{ name: string; changed: boolean }, "not_found" | "changed">> {
  const { organizationId, userId: revokedById } = membership
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "keys.revoke"))) return err("changed")
    const row = await tx.apiKey.findFirst({ where: { id, organizationId } })
    if (!row) return err("not_found")
    const data = { revokedAt: now(), revokedById }
    const { count } = await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data })
    if (count > 0) await note(tx, membership, { act: "key.revoked", key: row }, requester)
    return ok({ name: row.name, changed: count > 0 })
  })
}

async function note(
  tx: Tx,
  { organizationId, userId }: Membership,
  { act, key, detail }: Pick<AuditLine, "act" | "detail"> & { key: ApiKey },
  { clientAddress }: Requester,
) {
  await writeAudit(tx, {
    organizationId,
    actorUserId: userId,
    act,
    target: key.name,
    detail: { id: key.id, hint: key.hint, ...detail },
    clientAddress,
  })
}
