import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { changeRole } from "~/domain/organizations/change-role.server"
import { joinByInvitation } from "~/domain/organizations/join.server"
import { leaveOrganization } from "~/domain/organizations/leave.server"
import { readMember } from "~/domain/organizations/member.server"
import { findMembership, type Membership } from "~/domain/organizations/memberships.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { type Role, roles } from "~/domain/organizations/roles"
import { type Connection, connect, db, transaction, withDatabase } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import {
  buildCast,
  buildInvitation,
  buildMembership,
  buildOrganization,
  buildUser,
  type Cast,
} from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

let database: FreshDatabase
let other: Connection
let cast: Cast

beforeEach(async () => {
  database = await freshDatabase()
  other = await connect(database.file)
  cast = await buildCast()
})
afterEach(async () => {
  await other.close()
  await database.close()
})

const acme = (user: User) => member(user, "acme")
const roleOf = async (user: User) => (await findMembership(user.id, "acme"))?.role
const outcome = (result: { ok: true } | { ok: false; error: string }) => (result.ok ? "done" : result.error)
const mails = async () =>
  (await db().mail.findMany({ orderBy: { recipient: "asc" } })).map(m => [m.template, m.recipient])
const audit = async () => (await db().auditEntry.findMany({ orderBy: { at: "asc" } })).map(line => line.act)

/** Straight into the table: how somebody got a role is not what these tests ask. */
const make = (user: User, role: Role) =>
  db().membership.updateMany({ where: { userId: user.id, organizationId: cast.acme.id }, data: { role } })

async function change(actor: User, target: User, role: Role) {
  const { id: membershipId } = await acme(target)
  return changeRole(await acme(actor), { membershipId, role }, requester)
}

async function remove(actor: User, target: User) {
  return removeMember(await acme(actor), (await acme(target)).id, requester)
}

describe("changing a role", () => {
  test("[O2] is written down with both roles, and mailed to the person alone", async () => {
    expect(await change(cast.amir, cast.bob, "admin")).toMatchObject({ ok: true, value: { changed: true } })
    expect(await roleOf(cast.bob)).toBe("admin")
    const line = await db().auditEntry.findFirstOrThrow()
    expect(line).toMatchObject({
      organizationId: cast.acme.id,
      actorUserId: cast.amir.id,
      act: "member.role_changed",
      target: "bob@acme.test",
      detail: '{"from":"member","to":"admin"}',
      clientAddress: requester.clientAddress,
    })
    expect(await mails()).toEqual([["role_changed", "bob@acme.test"]])
    expect((await db().mail.findFirstOrThrow()).organizationId).toBe(cast.acme.id)
  })

  test("[O2] to the same role writes nothing and mails nobody", async () => {
    expect(await change(cast.alice, cast.bob, "member")).toMatchObject({ value: { changed: false } })
    expect([await audit(), await mails()]).toEqual([[], []])
  })

  test("[O2] nobody gives a role above their own, nor touches one, whoever asks", async () => {
    const people = { owner: cast.alice, admin: cast.amir, member: cast.bob }
    const second = { owner: "owner2@acme.test", admin: "admin2@acme.test", member: "member2@acme.test" }
    for (const role of roles)
      await buildMembership(db(), {
        user: await buildUser(db(), { email: second[role] }),
        organization: cast.acme,
        role,
      })
    const allowed: string[] = []
    for (const actor of roles) {
      for (const from of roles) {
        for (const to of roles) {
          if (from === to) continue
          const target = await db().user.findUniqueOrThrow({ where: { email: second[from] } })
          const { ok } = await change(people[actor], target, to)
          if (ok) allowed.push(`${actor}: ${from} to ${to}`)
          else expect(await roleOf(target)).toBe(from)
          await make(target, from)
        }
      }
    }
    expect(allowed).toEqual([
      "owner: owner to admin",
      "owner: owner to member",
      "owner: admin to owner",
      "owner: admin to member",
      "owner: member to owner",
      "owner: member to admin",
      "admin: admin to member",
      "admin: member to admin",
    ])
  })

  test("[O7] the last owner does not step down; with another one they do, unless that one is disabled", async () => {
    expect(outcome(await change(cast.alice, cast.alice, "member"))).toBe("last_owner")
    await make(cast.amir, "owner")
    await db().user.update({ where: { id: cast.amir.id }, data: { disabledAt: new Date() } })
    expect(outcome(await change(cast.alice, cast.alice, "member"))).toBe("last_owner")
    await db().user.update({ where: { id: cast.amir.id }, data: { disabledAt: null } })
    expect(outcome(await change(cast.alice, cast.alice, "member"))).toBe("done")
    expect([await roleOf(cast.alice), await mails()]).toEqual(["member", [["owner_gone", "amir@acme.test"]]])
  })

  test("[O9] a member of another organisation is not found, and stays as they are", async () => {
    const charlie = await member(cast.charlie, "birch")
    const before = await db().membership.findMany()
    const bob = await acme(cast.bob)
    const wish = { membershipId: bob.id, role: "admin" } as const
    expect(outcome(await changeRole(charlie, wish, requester))).toBe("not_found")
    expect(outcome(await removeMember(charlie, bob.id, requester))).toBe("not_found")
    expect(await readMember(charlie, bob.id)).toBeUndefined()
    expect(await db().membership.findMany()).toEqual(before)
    expect(await audit()).toEqual([])
  })

  test("[O2] rights lost since the request began do not count", async () => {
    const amir = await acme(cast.amir)
    await make(cast.amir, "member")
    const { id: membershipId } = await acme(cast.bob)
    expect(outcome(await changeRole(amir, { membershipId, role: "admin" }, requester))).toBe("changed")
    expect(outcome(await removeMember(amir, membershipId, requester))).toBe("changed")
    expect([await roleOf(cast.bob), await audit(), await mails()]).toEqual(["member", [], []])
  })
})

describe("removing", () => {
  test("[O8] ends the membership and nothing else of the person, and tells them alone", async () => {
    await buildMembership(db(), { user: cast.bob, organization: cast.birch, role: "member" })
    const sent = await buildInvitation(db(), {
      organization: cast.acme,
      email: "n@x.test",
      invitedBy: cast.alice,
    })
    expect(outcome(await remove(cast.amir, cast.bob))).toBe("done")
    expect(await roleOf(cast.bob)).toBeUndefined()
    expect(await findMembership(cast.bob.id, "birch")).toBeDefined()
    expect(await db().invitation.findUnique({ where: { id: sent.id } })).toEqual(sent)
    expect(await db().user.findUnique({ where: { id: cast.bob.id } })).toEqual(cast.bob)
    expect(await mails()).toEqual([["member_removed", "bob@acme.test"]])
    const line = await db().auditEntry.findFirstOrThrow()
    expect(line).toMatchObject({
      act: "member.removed",
      target: "bob@acme.test",
      detail: '{"role":"member"}',
    })
  })

  test("[O8] bars the way back by the domain, and by an invitation that was open", async () => {
    const open = { organization: cast.acme, email: cast.bob.email, invitedBy: cast.alice }
    const { id } = await buildInvitation(db(), open)
    await remove(cast.alice, cast.bob)
    expect(await db().domainBar.findMany()).toMatchObject([
      { organizationId: cast.acme.id, userId: cast.bob.id },
    ])
    expect((await db().invitation.findUniqueOrThrow({ where: { id } })).revokedAt).not.toBeNull()
  })

  test("[O2] an admin does not remove an owner, a member nobody, and no one themself", async () => {
    expect(outcome(await remove(cast.amir, cast.alice))).toBe("role_not_yours")
    expect(outcome(await remove(cast.bob, cast.amir))).toBe("role_not_yours")
    expect(outcome(await remove(cast.amir, cast.amir))).toBe("yourself")
    expect(await db().membership.count({ where: { organizationId: cast.acme.id } })).toBe(3)
    expect([await audit(), await mails()]).toEqual([[], []])
  })
})

describe("leaving", () => {
  const leave = async (user: User) => leaveOrganization(await acme(user), requester)

  test("[O7] a member leaves and nobody is mailed", async () => {
    expect(outcome(await leave(cast.bob))).toBe("done")
    expect([await roleOf(cast.bob), await audit(), await mails()]).toEqual([undefined, ["member.left"], []])
    expect(await db().domainBar.count()).toBe(0)
  })

  test("[O7] when an admin leaves, the owners who can act are told, and no one else", async () => {
    const [second, disabled] = [
      await buildUser(db(), { email: "second@acme.test" }),
      await buildUser(db(), { email: "disabled@acme.test" }),
    ]
    for (const user of [second, disabled])
      await buildMembership(db(), { user, organization: cast.acme, role: "owner" })
    await db().user.update({ where: { id: disabled.id }, data: { disabledAt: new Date() } })
    await leave(cast.amir)
    expect(await mails()).toEqual([
      ["member_left", "alice@acme.test"],
      ["member_left", "second@acme.test"],
    ])
    await leave(cast.alice)
    expect((await mails()).slice(2)).toEqual([["member_left", "second@acme.test"]])
  })

  test("[O7] the last owner does not leave, and who is gone already is not found", async () => {
    expect(outcome(await leave(cast.alice))).toBe("last_owner")
    const bob = await acme(cast.bob)
    await remove(cast.alice, cast.bob)
    expect(outcome(await leaveOrganization(bob, requester))).toBe("not_found")
  })
})

describe("two at once on two connections", () => {
  type Act = (me: Membership, them: Membership) => Promise<{ ok: true } | { ok: false; error: string }>
  const demote: Act = (me, them) => changeRole(me, { membershipId: them.id, role: "admin" }, requester)
  const expel: Act = (me, them) => removeMember(me, them.id, requester)
  const stepDown: Act = me => changeRole(me, { membershipId: me.id, role: "member" }, requester)
  const go: Act = me => leaveOrganization(me, requester)
  const pairs: [string, Act, Act][] = [
    ["they demote each other", demote, demote],
    ["they remove each other", expel, expel],
    ["both leave", go, go],
    ["both step down", stepDown, stepDown],
    ["one demotes the other, who leaves", demote, go],
    ["one removes the other, who steps down", expel, stepDown],
    ["one leaves, the other steps down", go, stepDown],
    ["one removes the other, who demotes the one", expel, demote],
  ]

  test.each(pairs)("[O7] of two owners one stays: %s", async (_, first, second) => {
    for (let i = 0; i < 4; i += 1) {
      const one = await buildUser(db(), { email: `one-${i}@x.test` })
      const two = await buildUser(db(), { email: `two-${i}@x.test` })
      const slug = `pair-${i}`
      await buildOrganization(db(), {
        name: "Pair",
        slug,
        members: [
          [one, "owner"],
          [two, "owner"],
        ],
      })
      const [mine, theirs] = [await member(one, slug), await member(two, slug)]
      const here = () => first(mine, theirs)
      const there = () => withDatabase(other, () => second(theirs, mine))
      await Promise.all(i % 2 ? [here(), there()] : [there(), here()])
      const owners = await db().membership.count({ where: { organization: { slug }, role: "owner" } })
      expect(owners, `round ${i}`).toBe(1)
    }
  })
})

describe("the invitations somebody sent", () => {
  const invitation = (email: string, role: Role, invitedBy: User) =>
    buildInvitation(db(), { organization: cast.acme, email, role, invitedBy })
  const open = async () =>
    (await db().invitation.findMany({ where: { revokedAt: null }, orderBy: { email: "asc" } })).map(
      row => row.email,
    )

  beforeEach(async () => {
    await make(cast.amir, "owner")
    await invitation("owner@x.test", "owner", cast.amir)
    await invitation("admin@x.test", "admin", cast.amir)
    await invitation("alices@x.test", "owner", cast.alice)
  })

  test("[O8] are withdrawn when they are removed, one line each, and nobody else's", async () => {
    expect((await readMember(await acme(cast.alice), (await acme(cast.amir)).id))?.openInvitations).toBe(2)
    expect(outcome(await remove(cast.alice, cast.amir))).toBe("done")
    expect(await open()).toEqual(["alices@x.test"])
    const lines = await db().auditEntry.findMany({
      where: { act: "invitation.revoked" },
      orderBy: { target: "asc" },
    })
    expect(lines).toMatchObject([
      { actorUserId: cast.alice.id, target: "admin@x.test", detail: '{"role":"admin","because":"sender"}' },
      { actorUserId: cast.alice.id, target: "owner@x.test", detail: '{"role":"owner","because":"sender"}' },
    ])
  })

  test("[O8] are withdrawn when they leave", async () => {
    expect(outcome(await leaveOrganization(await acme(cast.amir), requester))).toBe("done")
    expect(await open()).toEqual(["alices@x.test"])
  })

  test("[O2] go as far as they may no longer grant the role", async () => {
    expect(outcome(await change(cast.alice, cast.amir, "admin"))).toBe("done")
    expect(await open()).toEqual(["admin@x.test", "alices@x.test"])
    expect(outcome(await change(cast.alice, cast.amir, "member"))).toBe("done")
    expect(await open()).toEqual(["alices@x.test"])
  })

  test("[O2] cannot be accepted once their sender may not grant the role, however that came", async () => {
    const puppet = await buildUser(db(), { email: "owner@x.test" })
    const { id } = await db().invitation.findFirstOrThrow({ where: { email: puppet.email } })
    const accept = async () => {
      const joined = await transaction(tx =>
        joinByInvitation(tx, id, { user: puppet, seats: null, requester }),
      )
      return outcome(joined)
    }
    await make(cast.amir, "admin")
    expect(await accept()).toBe("sender_gone")
    await make(cast.amir, "owner")
    await db().user.update({ where: { id: cast.amir.id }, data: { disabledAt: new Date() } })
    expect(await accept()).toBe("sender_gone")
    await db().membership.deleteMany({ where: { userId: cast.amir.id } })
    expect(await accept()).toBe("sender_gone")
    expect(await roleOf(puppet)).toBeUndefined()
    await db().invitation.update({ where: { id }, data: { invitedById: cast.alice.id } })
    expect([await accept(), await roleOf(puppet)]).toEqual(["done", "owner"])
  })
})
