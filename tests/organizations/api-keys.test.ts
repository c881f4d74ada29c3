import { readFileSync } from "node:fs"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { countKeysOf } from "~/domain/organizations/api-key-authority.server"
import { listApiKeys, readApiKey } from "~/domain/organizations/api-key-list.server"
import { findApiKey, saveKeysUsed } from "~/domain/organizations/api-key-lookup.server"
import { NewApiKey } from "~/domain/organizations/api-key-schemas"
import {
  type ApiKeyWish,
  createApiKey,
  mostApiKeys,
  revokeApiKey,
} from "~/domain/organizations/api-keys.server"
import { apiScopeList, scopesOf } from "~/domain/organizations/api-scopes"
import { archive } from "~/domain/organizations/archive.server"
import { changeRole } from "~/domain/organizations/change-role.server"
import { leaveOrganization } from "~/domain/organizations/leave.server"
import { addMember } from "~/domain/organizations/memberships.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { fromNow } from "~/platform/clock.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { buildCast, buildMembership, type Cast, day } from "../support/cast"
import { hours, minutes, type TestClock, testClock } from "../support/clock"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

let database: FreshDatabase
let cast: Cast
let clock: TestClock

beforeEach(async () => {
  database = await freshDatabase()
  clock = testClock()
  cast = await buildCast()
})
afterEach(async () => {
  clock.restore()
  clearLimits()
  await database.close()
})

const readOnly: ApiKeyWish = { name: "CI", scopes: ["members:read"], expiresAt: null }

async function createAs(user: User, wish: Partial<ApiKeyWish> = {}, slug = "acme") {
  return createApiKey(await member(user, slug), { ...readOnly, ...wish }, requester)
}

/** A key of Acme's that works. */
async function keyOf(user: User, wish: Partial<ApiKeyWish> = {}, slug = "acme") {
  const made = await createAs(user, wish, slug)
  if (!made.ok) throw new Error(made.error)
  return { ...made.value, id: made.value.apiKey.id }
}

const lines = (act: string) => db().auditEntry.findMany({ where: { act }, orderBy: { at: "asc" } })

describe("creating", () => {
  test("[A3] a key is told once and works; the database has its hash and four characters", async () => {
    const { key, apiKey } = await keyOf(cast.amir, { scopes: ["audit:read", "members:read"] })
    expect(key).toMatch(/^gatehouse_[\w-]{43}$/)
    expect(apiKey).toMatchObject({
      name: "CI",
      hint: key.slice(0, 14),
      scopes: ["members:read", "audit:read"],
      state: "live",
      createdBy: { userId: cast.amir.id, name: "Amir Aziz", email: "amir@acme.test" },
      expiresAt: null,
      lastUsedAt: null,
    })
    expect(findApiKey(key)).toEqual({
      id: apiKey.id,
      name: "CI",
      hint: key.slice(0, 14),
      organizationId: cast.acme.id,
      slug: "acme",
      archived: false,
      userId: cast.amir.id,
      scopes: ["members:read", "audit:read"],
    })
    const membership = await member(cast.alice, "acme")
    expect(JSON.stringify(await listApiKeys(membership))).not.toContain(key.slice(0, 15))
    for (const file of [database.file, `${database.file}-wal`])
      expect(readFileSync(file).includes(key.slice("gatehouse_".length + 4))).toBe(false)
  })

  test("[O10] the log tells who made it, called what, for how long and for what, and not the key", async () => {
    const expiresAt = fromNow(30 * day)
    const { key, apiKey } = await keyOf(cast.alice, { expiresAt })
    const [line, ...more] = await lines("key.created")
    expect(more).toEqual([])
    expect(line).toMatchObject({
      organizationId: cast.acme.id,
      actorUserId: cast.alice.id,
      target: "CI",
      clientAddress: requester.clientAddress,
    })
    expect(JSON.parse(line?.detail ?? "")).toEqual({
      id: apiKey.id,
      hint: key.slice(0, 14),
      scopes: "members:read",
      expires: expiresAt.toISOString(),
    })
  })

  test("[A3] no key can do more than the role of who makes it, and members make none", async () => {
    expect(scopesOf("owner")).toEqual(apiScopeList)
    expect(scopesOf("admin")).toEqual(apiScopeList)
    expect(scopesOf("member")).toEqual(["organization:read", "members:read"])
    expect(await createAs(cast.bob)).toEqual({ ok: false, error: "changed" })
    expect(await createAs(cast.bob, { scopes: ["audit:read"] })).toEqual({
      ok: false,
      error: "scope_not_yours",
    })
    expect(await createAs(cast.alice, { scopes: [] })).toEqual({ ok: false, error: "no_scope" })
    expect(await createAs(cast.alice, { expiresAt: fromNow(0) })).toEqual({ ok: false, error: "past" })
    expect(await db().apiKey.count()).toBe(0)
    expect(await lines("key.created")).toEqual([])
  })

  test("[A3] fifty live keys are the most; two at once for the last place make one", async () => {
    for (let i = 1; i < mostApiKeys; i++)
      await keyOf(cast.alice, { name: `Key ${i}`, expiresAt: i === 1 ? fromNow(day) : null })
    const second = await connect(database.file)
    try {
      const made = await Promise.all([
        createAs(cast.alice),
        withDatabase(second, () => createAs(cast.amir, { name: "Other" })),
      ])
      expect(made.map(({ ok }) => ok).sort()).toEqual([false, true])
      expect(made.find(({ ok }) => !ok)).toEqual({ ok: false, error: "too_many" })
    } finally {
      await second.close()
    }
    expect((await createAs(cast.charlie, {}, "birch")).ok).toBe(true)
    clock.advance(day)
    expect((await createAs(cast.alice)).ok).toBe(true)
    expect((await createAs(cast.alice)).ok).toBe(false)
  })

  test("[A3] the form tidies the name and wants one scope at least, of those there are", () => {
    const typed = { name: "  Nightly\u202e export ", scopes: ["audit:read"], lifetime: "90" }
    expect(NewApiKey.safeParse(typed).data).toMatchObject({ name: "Nightly export" })
    for (const wrong of [
      { name: " \u200b " },
      { name: "x".repeat(81) },
      { scopes: undefined },
      { scopes: ["everything"] },
      { lifetime: "1" },
    ])
      expect(NewApiKey.safeParse({ ...typed, ...wrong }).success).toBe(false)
  })
})

describe("the life of a key", () => {
  test("[A3] it ends when it runs out", async () => {
    const { key, id } = await keyOf(cast.alice, { expiresAt: fromNow(hours(1)) })
    clock.advance(hours(1) - 5_000)
    expect(findApiKey(key)?.id).toBe(id)
    clock.advance(5_000)
    expect(findApiKey(key)).toBeUndefined()
    expect((await listApiKeys(await member(cast.alice, "acme"))).rows).toMatchObject([
      { id, state: "expired" },
    ])
  })

  test("[A3] its last use is written, at most once a minute and never backwards", async () => {
    const { key, id } = await keyOf(cast.alice)
    const lastUse = async () => (await db().apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt
    await saveKeysUsed()
    expect(await lastUse()).toBeNull()
    findApiKey(key)
    await saveKeysUsed()
    const first = await lastUse()
    expect(first).not.toBeNull()
    clock.advance(30_000)
    findApiKey(key)
    await saveKeysUsed()
    expect(await lastUse()).toEqual(first)
    clock.advance(minutes(1))
    findApiKey(key)
    await saveKeysUsed()
    expect(+((await lastUse()) ?? 0) - +(first ?? 0)).toBeGreaterThanOrEqual(minutes(1.5))
  })

  test("[A3] what is no key is nobody's: wrong, cut, grown, of a megabyte", async () => {
    const { key } = await keyOf(cast.alice)
    const others = [
      `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`,
      key.slice(0, -1),
      `${key}A`,
      key.slice("gatehouse_".length),
      "gatehouse_",
      "",
      `gatehouse_${"x".repeat(1_000_000)}`,
    ]
    for (const other of others) expect(findApiKey(other)).toBeUndefined()
    expect(findApiKey(key)).toBeDefined()
  })

  test("[A3] revoked it is refused at the next call; twice at once is one line", async () => {
    const { key, id } = await keyOf(cast.alice)
    const second = await connect(database.file)
    try {
      const revoked = await Promise.all([
        revokeApiKey(await member(cast.alice, "acme"), id, requester),
        withDatabase(second, async () => revokeApiKey(await member(cast.amir, "acme"), id, requester)),
      ])
      expect(revoked.every(({ ok }) => ok)).toBe(true)
      expect(revoked.filter(one => one.ok && one.value.changed)).toHaveLength(1)
    } finally {
      await second.close()
    }
    expect(findApiKey(key)).toBeUndefined()
    expect(await lines("key.revoked")).toHaveLength(1)
    const membership = await member(cast.alice, "acme")
    expect(await readApiKey(membership, id)).toBeUndefined()
    expect((await listApiKeys(membership)).rows).toEqual([])
  })

  test("[O9] another organisation's key cannot be seen nor revoked, and a member revokes none", async () => {
    const { key, id } = await keyOf(cast.alice)
    const charlie = await member(cast.charlie, "birch")
    expect(await readApiKey(charlie, id)).toBeUndefined()
    expect((await listApiKeys(charlie)).rows).toEqual([])
    expect(await revokeApiKey(charlie, id, requester)).toEqual({ ok: false, error: "not_found" })
    const bob = await member(cast.bob, "acme")
    expect(await revokeApiKey(bob, id, requester)).toEqual({ ok: false, error: "changed" })
    expect(findApiKey(key)).toBeDefined()
    expect(await lines("key.revoked")).toEqual([])
  })

  test("[A3] the list is paged, the newest first", async () => {
    for (const name of ["one", "two", "three"]) {
      await keyOf(cast.alice, { name })
      clock.advance(1_000)
    }
    const membership = await member(cast.amir, "acme")
    const first = await listApiKeys(membership, { take: 2 })
    expect(first.rows.map(({ name }) => name)).toEqual(["three", "two"])
    expect(first.next).not.toBeNull()
  })
})

describe("whoever made it", () => {
  test("[A4] is removed: their keys go with them, and do not come back with them", async () => {
    const amirs = await keyOf(cast.amir)
    const alices = await keyOf(cast.alice)
    const gone = await keyOf(cast.amir, { name: "Past", expiresAt: fromNow(1_000) })
    clock.advance(2_000)
    const amir = { organizationId: cast.acme.id, userId: cast.amir.id }
    expect(await countKeysOf(amir)).toBe(1)
    const alice = await member(cast.alice, "acme")
    await removeMember(alice, (await member(cast.amir, "acme")).id, requester)
    expect(findApiKey(amirs.key)).toBeUndefined()
    await transaction(tx => addMember(tx, { ...amir, role: "owner" }))
    expect([amirs, gone].map(({ key }) => findApiKey(key))).toEqual([undefined, undefined])
    expect(findApiKey(alices.key)).toBeDefined()
    const written = await lines("key.revoked")
    expect(written.map(({ target, actorUserId }) => [target, actorUserId]).sort()).toEqual([
      ["CI", cast.alice.id],
      ["Past", cast.alice.id],
    ])
    expect(JSON.parse(written[0]?.detail ?? "")).toMatchObject({ because: "maker" })
  })

  test("[A4] leaves: the same", async () => {
    const { key } = await keyOf(cast.amir)
    await leaveOrganization(await member(cast.amir, "acme"), requester)
    await buildMembership(db(), { user: cast.amir, organization: cast.acme, role: "admin" })
    expect(findApiKey(key)).toBeUndefined()
    expect(await lines("key.revoked")).toMatchObject([{ actorUserId: cast.amir.id }])
  })

  test("[O7] cannot be removed as the only owner, and then keeps the keys", async () => {
    const { key } = await keyOf(cast.alice)
    const left = await leaveOrganization(await member(cast.alice, "acme"), requester)
    expect(left.ok).toBe(false)
    expect(findApiKey(key)).toBeDefined()
    expect(await lines("key.revoked")).toEqual([])
  })

  test("[A4] is disabled: they stop, and work again with the account", async () => {
    const { key, id } = await keyOf(cast.amir)
    const disable = (disabledAt: Date | null) =>
      db().user.update({ where: { id: cast.amir.id }, data: { disabledAt } })
    await disable(fromNow(0))
    expect(findApiKey(key)).toBeUndefined()
    expect(await readApiKey(await member(cast.alice, "acme"), id)).toMatchObject({ state: "stopped" })
    await disable(null)
    expect(findApiKey(key)).toBeDefined()
  })

  test("[A4] is demoted: the key stays, and they manage keys no more", async () => {
    const { key, id } = await keyOf(cast.amir)
    const amir = await member(cast.amir, "acme")
    const demoted = { membershipId: amir.id, role: "member" } as const
    await changeRole(await member(cast.alice, "acme"), demoted, requester)
    expect(findApiKey(key)?.userId).toBe(cast.amir.id)
    expect(await createApiKey(amir, readOnly, requester)).toEqual({ ok: false, error: "changed" })
    expect(await revokeApiKey(amir, id, requester)).toEqual({ ok: false, error: "changed" })
  })
})

test("[O8] in an archived organisation nobody makes a key", async () => {
  await transaction(tx => archive(tx, cast.acme.id, "operator"))
  expect(await createAs(cast.alice)).toEqual({ ok: false, error: "changed" })
})

test("[O11] an organisation's keys are erased with it, and a person's with them", async () => {
  await keyOf(cast.alice)
  await keyOf(cast.charlie, {}, "birch")
  await db().organization.delete({ where: { id: cast.acme.id } })
  await db().user.delete({ where: { id: cast.charlie.id } })
  expect(await db().apiKey.count()).toBe(0)
})
