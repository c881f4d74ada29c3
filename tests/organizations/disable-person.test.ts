import { afterEach, beforeEach, expect, test } from "vitest"
import { disableUser } from "~/domain/organizations/disable-person.server"
import { organizationsOnlyOwnedBy } from "~/domain/organizations/last-owner.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { buildCast, buildMembership, buildOrganization, buildUser, type Cast } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase
let cast: Cast

beforeEach(async () => {
  database = await freshDatabase()
  cast = await buildCast()
})
afterEach(() => database.close())

const disable = (user: { id: string }) => transaction(tx => disableUser(tx, user.id))
const isDisabled = async ({ id }: { id: string }) =>
  (await db().user.findUniqueOrThrow({ where: { id } })).disabledAt !== null

test("[O7] the only owner of an organisation is not disabled, and the refusal names it", async () => {
  const { alice, acme, birch } = cast
  await buildMembership(db(), { user: alice, organization: birch, role: "owner" })
  expect(await disable(alice)).toEqual({
    ok: false,
    error: { because: "last_owner", organizations: [{ id: acme.id, slug: "acme", name: "Acme" }] },
  })
  expect(await isDisabled(alice)).toBe(false)
  expect((await disable(cast.bob)).ok).toBe(true)
  expect(await isDisabled(cast.bob)).toBe(true)
})

test("[O7] an owner who is disabled does not count as another owner", async () => {
  const { alice, amir, acme } = cast
  await db().membership.updateMany({ where: { userId: amir.id }, data: { role: "owner" } })
  expect((await disable(amir)).ok).toBe(true)
  expect(await disable(amir)).toEqual({ ok: false, error: { because: "disabled_already" } })
  expect(await disable(alice)).toMatchObject({ ok: false, error: { organizations: [{ id: acme.id }] } })
})

test("[O7] an organisation that is closed keeps nobody from being disabled", async () => {
  await db().organization.update({ where: { id: cast.acme.id }, data: { closedAt: new Date() } })
  expect(await organizationsOnlyOwnedBy(db(), cast.alice.id)).toEqual([])
  expect((await disable(cast.alice)).ok).toBe(true)
})

test("[O7] someone nobody knows is not disabled", async () => {
  expect(await disable({ id: "nobody" })).toEqual({ ok: false, error: { because: "not_found" } })
})

test("[O7] two owners disabled at once leave one, whoever comes first", async () => {
  const other = await connect(database.file)
  try {
    for (let i = 0; i < 6; i += 1) {
      const one = await buildUser(db(), { email: `one-${i}@x.test` })
      const two = await buildUser(db(), { email: `two-${i}@x.test` })
      await buildOrganization(db(), {
        name: "Pair",
        slug: `pair-${i}`,
        members: [
          [one, "owner"],
          [two, "owner"],
        ],
      })
      const there = () => withDatabase(other, () => disable(two))
      const outcomes = await Promise.all(i % 2 ? [disable(one), there()] : [there(), disable(one)])
      expect(outcomes.filter(outcome => outcome.ok)).toHaveLength(1)
      expect([await isDisabled(one), await isDisabled(two)].filter(Boolean)).toHaveLength(1)
    }
  } finally {
    await other.close()
  }
})
