import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { listMembers, membersPerPage } from "~/domain/organizations/members.server"
import { addMember, findMembership, membershipsOf } from "~/domain/organizations/memberships.server"
import {
  createOrganization,
  renameOrganization,
  switchOrganization,
} from "~/domain/organizations/organizations.server"
import type { Role } from "~/domain/organizations/roles"
import { parseCursor } from "~/lib/cursor"
import { setClock } from "~/platform/clock.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { buildCast, buildMembership, buildUser, type Cast } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

let database: FreshDatabase
let cast: Cast

beforeEach(async () => {
  database = await freshDatabase()
  cast = await buildCast()
})
afterEach(async () => {
  setClock()
  await database.close()
})

const create = (name: string, ownerId: string) =>
  transaction(tx => createOrganization(tx, { name, ownerId, requester }))

describe("creating", () => {
  test("[O1] makes the organisation, its owner and one audit line", async () => {
    const made = await create("Cedar & Co", cast.bob.id)
    expect(made.slug).toBe("cedar-and-co")
    const membership = await member(cast.bob, "cedar-and-co")
    expect([membership.role, membership.organization.name]).toEqual(["owner", "Cedar & Co"])
    const audit = await db().auditEntry.findMany({ where: { organizationId: made.id } })
    expect(audit).toMatchObject([
      { act: "organization.created", actorUserId: cast.bob.id, target: made.id, clientAddress: "192.0.2.7" },
    ])
  })

  test("[O1] one name for several organisations gives several addresses", async () => {
    const slugs = [await create("Acme", cast.bob.id), await create("ACME", cast.bob.id)].map(
      made => made.slug,
    )
    expect(slugs).toEqual(["acme-2", "acme-3"])
    for (let more = 0; more < 10; more += 1) await create("Acme", cast.bob.id)
    expect(await db().organization.count()).toBe(14)
  })

  test("[O1] a reserved word is refused as an address, not as a name", async () => {
    const made = await create("Admin", cast.bob.id)
    expect(made.slug).toBe("admin-2")
  })

  test("[O1] two founders of one name at once, on two connections, get two addresses", async () => {
    const second = await connect(database.file)
    try {
      const made = await Promise.all([
        create("Cedar", cast.bob.id),
        withDatabase(second, () => create("Cedar", cast.charlie.id)),
      ])
      expect(made.map(one => one.slug).sort()).toEqual(["cedar", "cedar-2"])
      expect(
        await db().membership.count({
          where: { role: "owner", organizationId: { in: made.map(m => m.id) } },
        }),
      ).toBe(2)
    } finally {
      await second.close()
    }
  })

  test("[O1] what fails afterwards in the transaction leaves nothing behind", async () => {
    const failing = transaction(async tx => {
      await createOrganization(tx, { name: "Cedar", ownerId: cast.bob.id })
      throw new Error("later")
    })
    await expect(failing).rejects.toThrow("later")
    expect(await db().organization.count({ where: { slug: "cedar" } })).toBe(0)
  })
})

describe("membership", () => {
  test("[O9] only a member finds it; the stranger finds nothing, at a real address as at none", async () => {
    expect((await findMembership(cast.bob.id, "acme"))?.role).toBe("member")
    expect(await findMembership(cast.charlie.id, "acme")).toBeUndefined()
    expect(await findMembership(cast.charlie.id, "nowhere")).toBeUndefined()
    expect(await findMembership(cast.olive.id, "acme")).toBeUndefined()
    expect(await findMembership(cast.bob.id, "ACME")).toBeUndefined()
  })

  test("[O8] a member removed a moment ago is a stranger at the next request", async () => {
    await db().membership.deleteMany({ where: { userId: cast.bob.id } })
    expect(await findMembership(cast.bob.id, "acme")).toBeUndefined()
  })

  test("[O2] a role the table does not know gives nothing", async () => {
    await db().membership.updateMany({ where: { userId: cast.bob.id }, data: { role: "root" } })
    expect(await findMembership(cast.bob.id, "acme")).toBeUndefined()
    expect(await membershipsOf(cast.bob.id)).toEqual([])
  })

  test("[O8] an archived organisation says since when", async () => {
    const at = new Date("2026-03-01T10:00:00Z")
    await db().organization.update({ where: { slug: "acme" }, data: { archivedAt: at } })
    expect((await member(cast.bob, "acme")).organization.archivedAt).toEqual(at)
  })

  test("[O6] adding someone twice at once, on two connections, gives one membership and one new member", async () => {
    const second = await connect(database.file)
    try {
      const add = () =>
        transaction(tx =>
          addMember(tx, { userId: cast.charlie.id, organizationId: cast.acme.id, role: "member" }),
        )
      const added = await Promise.all([add(), withDatabase(second, add), add(), withDatabase(second, add)])
      expect(added.filter(one => one.added)).toHaveLength(1)
      expect(
        await db().membership.count({ where: { userId: cast.charlie.id, organizationId: cast.acme.id } }),
      ).toBe(1)
    } finally {
      await second.close()
    }
  })

  test("[O6] adding a member again leaves the role they have", async () => {
    const again = { userId: cast.alice.id, organizationId: cast.acme.id, role: "member" } as const
    expect(await transaction(tx => addMember(tx, again))).toEqual({ added: false })
    expect((await member(cast.alice, "acme")).role).toBe("owner")
  })
})

describe("switching", () => {
  test("[O1] the organisation used last comes first, for that person only", async () => {
    await buildMembership(db(), { user: cast.alice, organization: cast.birch, role: "member" })
    await buildMembership(db(), { user: cast.bob, organization: cast.birch, role: "member" })
    await switchOrganization(await member(cast.bob, "acme"))
    setClock(() => Date.now() + 1_000)
    await switchOrganization(await member(cast.alice, "acme"))
    setClock(() => Date.now() + 2_000)
    await switchOrganization(await member(cast.alice, "birch"))
    const slugs = async (userId: string) => (await membershipsOf(userId)).map(m => m.organization.slug)
    expect(await slugs(cast.alice.id)).toEqual(["birch", "acme"])
    expect(await slugs(cast.bob.id)).toEqual(["acme", "birch"])
    expect(await slugs(cast.olive.id)).toEqual([])
  })
})

describe("renaming", () => {
  test("[O10] changes the name, keeps the address, and writes one line however often it is sent", async () => {
    const amir = await member(cast.amir, "acme")
    await renameOrganization(amir, "Acme Works", requester)
    await renameOrganization(amir, "Acme Works", requester)
    expect((await member(cast.bob, "acme")).organization.name).toBe("Acme Works")
    const lines = await db().auditEntry.findMany({ where: { act: "organization.renamed" } })
    expect(lines.map(line => JSON.parse(line.detail))).toEqual([{ from: "Acme", to: "Acme Works" }])
    expect((await db().organization.findUniqueOrThrow({ where: { slug: "birch" } })).name).toBe("Birch")
  })
})

describe("the members list", () => {
  test("[O9] holds the people of this organisation and nobody else", async () => {
    const { rows } = await listMembers(await member(cast.bob, "acme"))
    expect(rows.map(one => [one.name, one.role, one.isYou])).toEqual([
      ["Alice Archer", "owner", false],
      ["Amir Aziz", "admin", false],
      ["Bob Berger", "member", true],
    ])
  })

  test("[O9] finds an address as it is shown, whatever the script and the case", async () => {
    const bob = await member(cast.bob, "acme")
    const email = "zoë@xn--mnchen-3ya.test"
    const user = await buildUser(db(), { name: "Zoë", email })
    await db().user.update({ where: { id: user.id }, data: { emailTyped: "ZOË@münchen.test" } })
    await buildMembership(db(), { user, organization: cast.acme, role: "member" })
    for (const search of ["münchen", "mu\u0308nchen.TEST", "Zoë@", "ZOË@", "xn--mnchen"])
      expect(
        (await listMembers(bob, { search })).rows.map(one => one.name),
        search,
      ).toEqual(["Zoë"])
  })

  test("[O9] is searched by name and address, filtered by role, and paged", async () => {
    const bob = await member(cast.bob, "acme")
    const found = async (filter: { search?: string; role?: Role }) =>
      (await listMembers(bob, filter)).rows.map(one => one.email)
    expect(await found({ search: " AMIR@acme " })).toEqual(["amir@acme.test"])
    expect(await found({ search: "archer" })).toEqual(["alice@acme.test"])
    expect(await found({ search: "charlie" })).toEqual([])
    expect(await found({ role: "admin" })).toEqual(["amir@acme.test"])
    expect(await found({ role: "admin", search: "bob" })).toEqual([])
    for (let i = 0; i < membersPerPage; i += 1) {
      const user = await buildUser(db(), { email: `p${i}@acme.test` })
      await buildMembership(db(), { user, organization: cast.acme, role: "member" })
    }
    const first = await listMembers(bob)
    const second = await listMembers(bob, {}, { after: parseCursor(first.next) })
    expect([first.rows.length, second.rows.length]).toEqual([membersPerPage, 3])
    expect(new Set([...first.rows, ...second.rows].map(one => one.email)).size).toBe(membersPerPage + 3)
    expect(await listMembers(bob, {}, { before: parseCursor(second.previous) })).toEqual(first)
  })
})
