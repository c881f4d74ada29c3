import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { addDomain, listDomains, mostDomains, removeDomain } from "~/domain/organizations/domains.server"
import { joinByInvitation } from "~/domain/organizations/join.server"
import { joinableBy, joinByDomain } from "~/domain/organizations/join-by-domain.server"
import { parseMailDomain } from "~/domain/organizations/mail-domain.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import type { SeatLimit } from "~/domain/organizations/seats.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
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

const withMail = { SMTP_HOST: "127.0.0.1", SMTP_PORT: "2525", MAIL_FROM: "Gatehouse <hello@gatehouse.test>" }

let database: FreshDatabase
let cast: Cast
let nia: User

beforeEach(async () => {
  setEnv(withMail)
  database = await freshDatabase()
  cast = await buildCast()
  nia = await buildUser(db(), { name: "Nia New", email: "nia@acme.test" })
})
afterEach(async () => {
  setEnv({})
  await database.close()
})

const open = (domain = "acme.test") =>
  db().joinableDomain.create({ data: { organizationId: cast.acme.id, domain, createdAt: new Date() } })

const join = (user: User, slug = "acme", seats: SeatLimit = null) =>
  joinByDomain({ userId: user.id, slug, requester, seatsOf: async () => seats })

const sees = async (user: User) =>
  (await joinableBy({ userId: user.id, email: user.email })).map(organization => organization.slug)

const membershipsOf = (user: User) => db().membership.findMany({ where: { userId: user.id } })

async function onTwoConnections<T>(one: () => Promise<T>, other: () => Promise<T>): Promise<[T, T]> {
  const second = await connect(database.file)
  try {
    return await Promise.all([one(), withDatabase(second, other)])
  } finally {
    await second.close()
  }
}

describe("adding a domain", () => {
  const add = async (user: User, domain: string) => {
    const added = await addDomain(await member(user, "acme"), domain, requester)
    return added.ok ? added.value.domain : added.error
  }

  test("[O12] takes an owner's own proven domain, however typed, and writes it down", async () => {
    expect(await add(cast.alice, " @ACME.test ")).toBe("acme.test")
    expect(await add(cast.alice, "acme.test")).toBe("there_already")
    expect(await listDomains(await member(cast.alice, "acme"))).toMatchObject([
      { domain: "acme.test", addedBy: "Alice Archer" },
    ])
    const [line] = await db().auditEntry.findMany({ where: { act: "domain.added" } })
    expect(line).toMatchObject({
      target: "acme.test",
      actorUserId: cast.alice.id,
      clientAddress: "192.0.2.7",
    })
    expect(await db().mail.count()).toBe(0)
  })

  test("[O12] refuses another's domain, a subdomain, nonsense, and whoever is not an owner with a proven mailbox", async () => {
    expect(await add(cast.alice, "birch.test")).toBe("not_yours")
    expect(await add(cast.alice, "mail.acme.test")).toBe("not_yours")
    for (const nonsense of ["acme", "a b.test", "x@acme.test", "*.test", "[::1]", ""])
      expect(await add(cast.alice, nonsense), nonsense).toBe("no_domain")
    expect(await add(cast.amir, "acme.test")).toBe("changed")
    await db().user.update({ where: { id: cast.alice.id }, data: { provenAt: null } })
    expect(await add(cast.alice, "acme.test")).toBe("not_yours")
    expect(await db().joinableDomain.count()).toBe(0)
  })

  test("[O12] refuses domains where anybody can get a mailbox", async () => {
    for (const domain of ["gmail.com", "GMX.de", "posteo.de", "fastmail.com", "mailinator.com"]) {
      const email = `alice@${domain.toLowerCase()}`
      await db().user.update({ where: { id: cast.alice.id }, data: { email } })
      expect(await add(cast.alice, domain), domain).toBe("for_everyone")
    }
  })

  test("[L13] [O12] a name in any script is one domain with its ASCII form", async () => {
    expect(parseMailDomain("münchen.de")).toBe("xn--mnchen-3ya.de")
    expect(parseMailDomain("XN--MNCHEN-3YA.de")).toBe("xn--mnchen-3ya.de")
    await db().user.update({ where: { id: cast.alice.id }, data: { email: "alice@xn--mnchen-3ya.de" } })
    expect(await add(cast.alice, "Mu\u0308nchen.de")).toBe("xn--mnchen-3ya.de")
  })

  test("[O12] twenty are enough, also when two arrive at once", async () => {
    for (let i = 1; i < mostDomains; i += 1) await open(`acme-${i}.test`)
    const dora = await buildUser(db(), { email: "dora@second.test" })
    await db().membership.create({
      data: {
        id: "dora",
        userId: dora.id,
        organizationId: cast.acme.id,
        role: "owner",
        createdAt: new Date(),
        lastUsedAt: new Date(),
      },
    })
    const results = await onTwoConnections(
      () => add(cast.alice, "acme.test"),
      () => add(dora, "second.test"),
    )
    expect(results.filter(result => result === "too_many")).toHaveLength(1)
    expect(await db().joinableDomain.count()).toBe(mostDomains)
  })
})

describe("joining by domain", () => {
  test("[O12] a proven address of the domain makes a member, once, and the audit log says how", async () => {
    await open()
    expect(await sees(nia)).toEqual(["acme"])
    expect(await join(nia)).toEqual({ ok: true, value: { slug: "acme", name: "Acme" } })
    expect(await join(nia)).toMatchObject({ ok: true })
    expect(await membershipsOf(nia)).toMatchObject([{ role: "member", organizationId: cast.acme.id }])
    expect(await sees(nia)).toEqual([])
    const lines = await db().auditEntry.findMany({ where: { act: "member.joined_by_domain" } })
    expect(lines).toMatchObject([
      { actorUserId: nia.id, target: "nia@acme.test", detail: '{"domain":"acme.test","role":"member"}' },
    ])
    expect(await db().mail.count()).toBe(0)
  })

  test("[O12] to all others it is as if there were nothing", async () => {
    await open()
    const strangers = {
      elsewhere: cast.charlie,
      subdomain: await buildUser(db(), { email: "nia@mail.acme.test" }),
      lookalike: await buildUser(db(), { email: "nia@notacme.test" }),
      unproven: await buildUser(db(), { email: "una@acme.test", proven: false }),
      disabled: await buildUser(db(), { email: "dis@acme.test" }),
    }
    await db().user.update({ where: { id: strangers.disabled.id }, data: { disabledAt: new Date() } })
    for (const [who, user] of Object.entries(strangers)) {
      expect(await sees(user), who).toEqual([])
      expect(await join(user), who).toEqual({ ok: false, error: "not_found" })
    }
    expect(await join(nia, "birch")).toEqual({ ok: false, error: "not_found" })
    expect(await join(nia, "nowhere")).toEqual({ ok: false, error: "not_found" })
    expect(await db().membership.count()).toBe(4)
  })

  test("[O12] not into an archived organisation, and not by a domain that is gone", async () => {
    await open()
    await db().organization.update({ where: { slug: "acme" }, data: { archivedAt: new Date() } })
    expect([await sees(nia), await join(nia)]).toEqual([[], { ok: false, error: "not_found" }])
    await db().organization.update({ where: { slug: "acme" }, data: { archivedAt: null } })
    const alice = await member(cast.alice, "acme")
    expect(await removeDomain(alice, "acme.test", requester)).toEqual({ ok: true, value: undefined })
    expect(await removeDomain(alice, "acme.test", requester)).toEqual({ ok: false, error: "not_found" })
    expect([await sees(nia), await join(nia)]).toEqual([[], { ok: false, error: "not_found" }])
    expect(await db().auditEntry.count({ where: { act: "domain.removed" } })).toBe(1)
  })

  test("[O9] one organisation's owner cannot remove another's domain", async () => {
    await open()
    const charlie = await member(cast.charlie, "birch")
    expect(await removeDomain(charlie, "acme.test", requester)).toEqual({ ok: false, error: "not_found" })
    expect(await db().joinableDomain.count()).toBe(1)
  })

  test("[O6] [O12] a full plan says so, and tells the owners", async () => {
    await open()
    expect(await join(nia, "acme", 3)).toEqual({ ok: false, error: "full" })
    expect((await db().mail.findMany()).map(mail => [mail.template, mail.recipient])).toEqual([
      ["seats_full", "alice@acme.test"],
    ])
    expect(await membershipsOf(nia)).toEqual([])
    expect(await join(nia, "acme", 4)).toMatchObject({ ok: true })
  })

  test("[O6] [O12] two at once make one membership, and two for the last seat one member", async () => {
    await open()
    const both = await onTwoConnections(
      () => join(nia, "acme", 5),
      () => join(nia, "acme", 5),
    )
    expect(both.map(result => result.ok)).toEqual([true, true])
    expect(await membershipsOf(nia)).toHaveLength(1)
    expect(await db().auditEntry.count({ where: { act: "member.joined_by_domain" } })).toBe(1)
    const [otto, ora] = [
      await buildUser(db(), { email: "otto@acme.test" }),
      await buildUser(db(), { email: "ora@acme.test" }),
    ]
    const rivals = await onTwoConnections(
      () => join(otto, "acme", 5),
      () => join(ora, "acme", 5),
    )
    expect(rivals.map(result => (result.ok ? "in" : result.error)).sort()).toEqual(["full", "in"])
    expect(await db().membership.count({ where: { organizationId: cast.acme.id } })).toBe(5)
  })

  test("[O12] joining against the removal of the domain ends on one side or the other", async () => {
    await open()
    const alice = await member(cast.alice, "acme")
    const [joined] = await onTwoConnections<{ ok: boolean }>(
      () => join(nia),
      () => removeDomain(alice, "acme.test", requester),
    )
    expect(await membershipsOf(nia)).toHaveLength(joined.ok ? 1 : 0)
    expect(await db().auditEntry.count({ where: { act: "member.joined_by_domain" } })).toBe(joined.ok ? 1 : 0)
  })

  test("[O3] [O12] an invitation that waits is taken instead, with its role", async () => {
    await open()
    const invitation = {
      organization: cast.acme,
      email: nia.email,
      role: "admin",
      invitedBy: cast.alice,
    } as const
    const { id } = await buildInvitation(db(), invitation)
    expect(await join(nia)).toMatchObject({ ok: true })
    expect(await membershipsOf(nia)).toMatchObject([{ role: "admin" }])
    expect((await db().invitation.findUniqueOrThrow({ where: { id } })).acceptedAt).not.toBeNull()
    expect(await db().auditEntry.count({ where: { act: "member.joined_by_domain" } })).toBe(0)
  })

  test("[O8] [O12] whoever was removed comes back by an invitation only, which lifts the bar", async () => {
    await open()
    const bar = { organizationId: cast.acme.id, userId: nia.id, at: new Date() }
    await db().domainBar.create({ data: bar })
    expect([await sees(nia), await join(nia)]).toEqual([[], { ok: false, error: "not_found" }])
    const { id } = await buildInvitation(db(), {
      organization: cast.acme,
      email: nia.email,
      invitedBy: cast.alice,
    })
    await transaction(tx => joinByInvitation(tx, id, { user: nia, seats: null, requester }))
    expect(await db().domainBar.count()).toBe(0)
    await db().membership.deleteMany({ where: { userId: nia.id } })
    expect([await sees(nia), (await join(nia)).ok]).toEqual([["acme"], true])
  })

  test("[O8] [O12] the mailbox is barred, not only the account: with another tag or dots it is the same", async () => {
    await open()
    const alice = await member(cast.alice, "acme")
    await removeMember(alice, (await member(cast.bob, "acme")).id, requester)
    const at = (email: string) => buildUser(db(), { email })
    for (const same of ["bob+1@acme.test", "b.ob@acme.test", "b.o.b+x+y@acme.test"]) {
      const again = await at(same)
      expect([await sees(again), await join(again)], same).toEqual([[], { ok: false, error: "not_found" }])
    }
    for (const other of ["bobo@acme.test", "bo@acme.test"])
      expect(await join(await at(other)), other).toMatchObject({ ok: true })
  })

  test("[O8] [O12] inviting the mailbox under another tag lifts its bar", async () => {
    await open()
    await db().domainBar.create({
      data: { organizationId: cast.acme.id, userId: nia.id, at: new Date() },
    })
    const tagged = await buildUser(db(), { email: "nia+2@acme.test" })
    const invited = { organization: cast.acme, email: tagged.email, invitedBy: cast.alice }
    const { id } = await buildInvitation(db(), invited)
    await transaction(tx => joinByInvitation(tx, id, { user: tagged, seats: null, requester }))
    expect(await sees(nia)).toEqual(["acme"])
  })

  test("[O12] a domain counts while an owner with a proven address of it can act", async () => {
    const con = await buildUser(db(), { name: "Con", email: "con@contractor.test" })
    const col = await buildUser(db(), { email: "col@contractor.test" })
    await buildMembership(db(), { user: con, organization: cast.acme, role: "owner" })
    await addDomain(await member(con, "acme"), "contractor.test", requester)
    const alice = await member(cast.alice, "acme")
    const waits = async () => (await listDomains(alice)).map(row => row.waits)
    const user = { where: { id: con.id } }
    const role = (to: string) => db().membership.updateMany({ where: { userId: con.id }, data: { role: to } })
    const shut = async () => {
      expect([await sees(col), await join(col)]).toEqual([[], { ok: false, error: "not_found" }])
      expect(await waits()).toEqual([true])
    }
    expect([await sees(col), await waits()]).toEqual([["acme"], [false]])
    await role("admin")
    await shut()
    await role("owner")
    await db().user.update({ ...user, data: { disabledAt: new Date() } })
    await shut()
    await db().user.update({ ...user, data: { disabledAt: null, provenAt: null } })
    await shut()
    await db().user.update({ ...user, data: { provenAt: new Date() } })
    await removeMember(alice, (await member(con, "acme")).id, requester)
    await shut()
    await buildMembership(db(), {
      user: await buildUser(db(), { email: "new@contractor.test" }),
      organization: cast.acme,
      role: "owner",
    })
    expect([await waits(), await join(col)]).toEqual([
      [false],
      { ok: true, value: { slug: "acme", name: "Acme" } },
    ])
  })

  test("[O1] [O12] several organisations of one domain are listed by name", async () => {
    await open()
    const other = await buildOrganization(db(), {
      name: "Aardvark",
      slug: "aardvark",
      members: [[cast.alice, "owner"]],
    })
    await db().joinableDomain.create({
      data: { organizationId: other.id, domain: "acme.test", createdAt: new Date() },
    })
    expect(await sees(nia)).toEqual(["aardvark", "acme"])
    expect(await sees(cast.bob)).toEqual(["aardvark"])
  })
})
