import { describe, expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import type { Role } from "~/domain/organizations/roles"
import { cursorOf } from "~/lib/cursor"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { codeOf, onlyManagers, programByKey, programOf, refusalsAt } from "../support/callers"
import { buildInvitation, buildMembership, buildUser } from "../support/cast"
import { member } from "../support/membership"
import { buildSubscription } from "../support/subscription"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const list = "/api/organizations/acme/members"

const at = async (user: User) => `${list}/${(await member(user, "acme")).id}`
const roleOf = async (user: User) => (await findMembership(user.id, "acme"))?.role
const emails = (json: { data: { email: string }[] }) => json.data.map(row => row.email)

/** Straight into the table: how somebody got a role is not what these tests ask. */
const make = (w: World, user: User, role: Role) =>
  db().membership.updateMany({ where: { userId: user.id, organizationId: w.cast.acme.id }, data: { role } })

describe("listing", () => {
  test("[O2] every member reads who belongs, and so does a key with the scope; others hear nothing", async () => {
    const w = await world()
    const scope = "members:read"
    const { member: ofMember, ...others } = await refusalsAt(w, { method: "GET", path: list }, scope)
    const { member: _, ...refused } = onlyManagers
    expect([ofMember, others]).toEqual(["200 done", refused])
    const { alice, amir, bob } = w.cast
    for (const caller of [await programOf(w, bob), await programByKey(w, alice, { scopes: [scope] })]) {
      const { json } = await caller.call("GET", list)
      expect(emails(json)).toEqual([alice.email, amir.email, bob.email])
      expect(json.next).toBeNull()
      const { id } = await member(alice, "acme")
      expect(json.data[0]).toEqual({
        id,
        userId: alice.id,
        name: "Alice Archer",
        email: "alice@acme.test",
        role: "owner",
        joinedAt: expect.any(String),
      })
    }
  })

  test("[O2] is read page by page, searched and filtered", async () => {
    const w = await world()
    for (let i = 0; i < 7; i++) {
      const user = await buildUser(db(), { email: `p${i}@acme.test`, name: i === 3 ? "Zoë Ada" : "" })
      await buildMembership(db(), { user, organization: w.cast.acme, role: i < 2 ? "admin" : "member" })
    }
    const bob = await programOf(w, w.cast.bob)
    const seen: string[] = []
    let next: string | null = ""
    for (let pages = 0; next !== null; pages++) {
      expect(pages).toBeLessThan(5)
      const { json } = await bob.call("GET", `${list}?limit=3${next && `&cursor=${next}`}`)
      seen.push(...emails(json))
      next = json.next
    }
    expect([seen.length, new Set(seen).size]).toEqual([10, 10])
    const ask = async (query: string) => emails((await bob.call("GET", `${list}?${query}`)).json)
    expect(await ask("q=Ada")).toEqual(["p3@acme.test"])
    expect(await ask("q=P5%40acme")).toEqual(["p5@acme.test"])
    expect((await ask("role=admin&q=acme")).sort()).toEqual([
      "amir@acme.test",
      "p0@acme.test",
      "p1@acme.test",
    ])
    expect(await ask("q=charlie")).toEqual([])
    for (const query of ["role=root", "cursor=%27", "limit=0", `q=${"x".repeat(101)}`])
      expect(codeOf(await bob.call("GET", `${list}?${query}`)), query).toBe("400 invalid_input")
  })

  test("[O9] a cursor from another organisation is only a moment: it shows nobody from there", async () => {
    const w = await world()
    const { charlie, alice, birch } = w.cast
    for (let i = 0; i < 3; i++)
      await buildMembership(db(), {
        user: await buildUser(db(), { email: `b${i}@birch.test` }),
        organization: birch,
        role: "member",
      })
    const there = await programOf(w, charlie)
    const { json } = await there.call("GET", "/api/organizations/birch/members?limit=1")
    const here = await programOf(w, alice)
    const last = cursorOf({ at: now(), id: "zzz" })
    const first = await here.call("GET", `${list}?cursor=${json.next}`)
    expect(emails(first.json).every(email => email.endsWith("@acme.test"))).toBe(true)
    expect((await here.call("GET", `${list}?cursor=${last}`)).json).toEqual({ data: [], next: null })
  })

  test("[B7] goes on while the plan is unpaid; changing does not", async () => {
    const w = await world()
    await buildSubscription(w.cast.acme, { status: "unpaid", pastDueSince: now() })
    const alice = await programOf(w, w.cast.alice)
    expect((await alice.call("GET", list)).status).toBe(200)
    const bob = await at(w.cast.bob)
    expect(codeOf(await alice.call("PATCH", bob, { role: "admin" }))).toBe("403 read_only")
    expect(codeOf(await alice.call("DELETE", bob))).toBe("403 read_only")
    expect(await roleOf(w.cast.bob)).toBe("member")
  })

  test("[O8] ends with the archive, for tokens and keys alike", async () => {
    const w = await world()
    const callers = [await programOf(w, w.cast.alice), await programByKey(w, w.cast.alice)]
    await transaction(tx => archive(tx, w.cast.acme.id, "operator"))
    for (const caller of callers) {
      expect(codeOf(await caller.call("GET", list))).toBe("403 archived")
      expect(codeOf(await caller.call("DELETE", await at(w.cast.bob)))).toBe("403 archived")
    }
    expect(await roleOf(w.cast.bob)).toBe("member")
  })
})

describe("changing a role", () => {
  test("[O2] owners, admins and keys with the scope do, and nobody else", async () => {
    const w = await world()
    const scope = "members:write"
    const path = await at(w.cast.bob)
    expect(await refusalsAt(w, { method: "PATCH", path, body: { role: "admin" } }, scope)).toEqual(
      onlyManagers,
    )
    const key = await programByKey(w, w.cast.alice, { scopes: [scope] })
    for (const [caller, role] of [
      [await programOf(w, w.cast.alice), "admin"],
      [await programOf(w, w.cast.amir), "member"],
      [key, "admin"],
    ] as const) {
      const { status, json } = await caller.call("PATCH", path, { role })
      expect([status, json.email, json.role]).toEqual([200, "bob@acme.test", role])
    }
    const lines = await db().auditEntry.findMany({ where: { act: "member.role_changed" } })
    expect(lines.length).toBe(3)
    const mails = await db().mail.findMany({ where: { template: "role_changed" } })
    expect(new Set(mails.map(mail => mail.recipient))).toEqual(new Set(["bob@acme.test"]))
  })

  test("[O2] nobody gives what is above their own, nor touches an owner from below", async () => {
    const w = await world()
    const { amir, alice, bob } = w.cast
    for (const caller of [await programOf(w, amir), await programByKey(w, amir)]) {
      const owner = await caller.call("PATCH", await at(bob), { role: "owner" })
      expect(codeOf(owner)).toBe("403 forbidden")
      expect(codeOf(await caller.call("PATCH", await at(alice), { role: "member" }))).toBe("403 forbidden")
      expect(codeOf(await caller.call("DELETE", await at(alice)))).toBe("403 forbidden")
    }
    expect([await roleOf(alice), await roleOf(bob)]).toEqual(["owner", "member"])
  })

  test("[O7] the last owner stays one: 409; a key touches no owner at all", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const stepped = await alice.call("PATCH", await at(w.cast.alice), { role: "admin" })
    expect(codeOf(stepped)).toBe("409 last_owner")
    expect(stepped.json.error.message).toContain("needs an owner")
    const key = await programByKey(w, w.cast.alice)
    const byKey = await key.call("PATCH", await at(w.cast.alice), { role: "admin" })
    expect(codeOf(byKey)).toBe("403 forbidden")
    expect(await roleOf(w.cast.alice)).toBe("owner")
  })

  test("[O7] two owners who demote each other at once leave one, and so do two who step down", async () => {
    const w = await world()
    const { alice, amir } = w.cast
    await make(w, amir, "owner")
    const [one, other] = [await programOf(w, alice), await programOf(w, amir)]
    const each = await Promise.all([
      one.call("PATCH", await at(amir), { role: "member" }),
      other.call("PATCH", await at(alice), { role: "member" }),
    ])
    expect(each.filter(answer => answer.status === 200)).toHaveLength(1)
    expect([await roleOf(alice), await roleOf(amir)].sort()).toEqual(["member", "owner"])
    for (const user of [alice, amir]) await make(w, user, "owner")
    const down = await Promise.all([
      one.call("PATCH", await at(alice), { role: "admin" }),
      other.call("PATCH", await at(amir), { role: "admin" }),
    ])
    expect(down.map(codeOf).sort()).toEqual(["200 done", "409 last_owner"])
    expect([await roleOf(alice), await roleOf(amir)].sort()).toEqual(["admin", "owner"])
  })

  test("[O9] an id that is nobody's here is 404, and what is no role 400", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const foreign = (await member(w.cast.charlie, "birch")).id
    for (const id of [foreign, "x", "%27", "a".repeat(300)]) {
      expect(codeOf(await alice.call("PATCH", `${list}/${id}`, { role: "member" })), id).toBe("404 not_found")
      expect(codeOf(await alice.call("DELETE", `${list}/${id}`)), id).toBe("404 not_found")
    }
    expect((await findMembership(w.cast.charlie.id, "birch"))?.role).toBe("owner")
    for (const body of [{}, { role: "root" }, { role: ["member"] }, { role: { $ne: "" } }, "member", null])
      expect(codeOf(await alice.call("PATCH", await at(w.cast.bob), body)), JSON.stringify(body)).toBe(
        "400 invalid_input",
      )
    expect(codeOf(await alice.call("PUT", await at(w.cast.bob), {}))).toBe("405 method_not_allowed")
  })

  test("[O2] ends at sixty in an hour, with when to come back", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const path = await at(w.cast.bob)
    for (let i = 0; i < 60; i++)
      expect((await alice.call("PATCH", path, { role: i % 2 ? "member" : "admin" })).status).toBe(200)
    const refused = await alice.call("PATCH", path, { role: "admin" })
    expect([codeOf(refused), refused.headers.get("Retry-After")]).toEqual(["429 too_many_requests", "3600"])
    expect(await roleOf(w.cast.bob)).toBe("member")
  })
})

describe("removing", () => {
  test("[O8] blocks the next call of whoever is removed, here and nowhere else", async () => {
    const w = await world()
    const { alice, amir, bob, birch } = w.cast
    await buildMembership(db(), { user: bob, organization: birch, role: "member" })
    const path = await at(bob)
    const scope = "members:write"
    expect(await refusalsAt(w, { method: "DELETE", path }, scope)).toEqual(onlyManagers)
    const theirs = await programOf(w, bob)
    expect((await theirs.call("GET", list)).status).toBe(200)
    const removed = await (await programOf(w, amir)).call("DELETE", path)
    expect([removed.status, removed.text]).toEqual([204, ""])
    expect(codeOf(await theirs.call("GET", list))).toBe("404 not_found")
    expect((await theirs.call("GET", "/api/organizations/birch")).status).toBe(200)
    const again = await programByKey(w, alice, { scopes: [scope] })
    expect(codeOf(await again.call("DELETE", path))).toBe("404 not_found")
    expect(await db().mail.count({ where: { template: "member_removed", recipient: bob.email } })).toBe(1)
  })

  test("[O2] takes the invitations and the keys of an admin with it; of two at once one is told so", async () => {
    const w = await world()
    const { alice, amir, acme } = w.cast
    const sent = await buildInvitation(db(), { organization: acme, email: "n@x.test", invitedBy: amir })
    const [key, path] = [await programByKey(w, amir), await at(amir)]
    const owner = await programOf(w, alice)
    const both = await Promise.all([owner.call("DELETE", path), owner.call("DELETE", path)])
    expect(both.map(({ status }) => status).sort()).toEqual([204, 404])
    const invitation = await db().invitation.findUniqueOrThrow({ where: { id: sent.id } })
    expect(invitation.revokedAt).not.toBeNull()
    expect(codeOf(await key.call("GET", list))).toBe("401 invalid_token")
  })

  test("[O7] nobody removes themselves, nor the last owner from a key of theirs", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const amir = await programOf(w, w.cast.amir)
    for (const [caller, user] of [
      [alice, w.cast.alice],
      [amir, w.cast.amir],
      [await programByKey(w, w.cast.alice), w.cast.alice],
    ] as const) {
      const refused = await caller.call("DELETE", await at(user))
      expect(codeOf(refused)).toBe("400 invalid_input")
      expect(refused.json.error.message).toContain("leave")
    }
    expect([await roleOf(w.cast.alice), await roleOf(w.cast.amir)]).toEqual(["owner", "admin"])
  })
})
