import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { changeRole } from "~/domain/organizations/change-role.server"
import { leaveOrganization } from "~/domain/organizations/leave.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import { offerOwnership } from "~/domain/organizations/offer-ownership.server"
import { purgeOffers, readOffer } from "~/domain/organizations/ownership-offer.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { acceptOwnership, declineOwnership, takeBackOffer } from "~/domain/organizations/settle-offer.server"
import { type Connection, connect, db, withDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import type { User } from "~/platform/models.server"
import { buildCast, buildMembership, buildUser, type Cast } from "../support/cast"
import { days, type TestClock, testClock } from "../support/clock"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

let database: FreshDatabase
let other: Connection
let cast: Cast
let clock: TestClock

beforeEach(async () => {
  database = await freshDatabase()
  other = await connect(database.file)
  cast = await buildCast()
  clock = testClock()
})
afterEach(async () => {
  clock.restore()
  setEnv({})
  await other.close()
  await database.close()
})

type Outcome = { ok: true } | { ok: false; error: string }

const acme = (user: User) => member(user, "acme")
const said = (result: Outcome) => (result.ok ? "done" : result.error)
const offer = async (from: User, address: string) =>
  said(await offerOwnership(await acme(from), address, requester))
const offeredAt = async () => +((await readOffer(await acme(cast.amir)))?.createdAt ?? 0)
const offers = () => db().ownershipTransfer.findMany()
const audit = async () => (await db().auditEntry.findMany({ orderBy: { at: "asc" } })).map(line => line.act)

/** The mails in the order they were queued. */
const mails = async () =>
  (await db().mail.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] })).map(m => [
    m.template,
    m.recipient,
  ])

async function rolesNow() {
  const rows = await db().membership.findMany({
    where: { organizationId: cast.acme.id },
    include: { user: true },
    orderBy: { createdAt: "asc" },
  })
  return rows.map(row => `${row.user.name} ${row.role}`)
}

const asBefore = ["Alice Archer owner", "Amir Aziz admin", "Bob Berger member"]

describe("offering ownership", () => {
  test("[O7] tells the receiver, is written down, and changes nothing until it is accepted", async () => {
    expect(await offer(cast.alice, " Bob@ACME.test ")).toBe("done")
    expect(await rolesNow()).toEqual(asBefore)
    expect(await mails()).toEqual([["ownership_offered", "bob@acme.test"]])
    const [made] = await offers()
    expect(made).toMatchObject({ fromUserId: cast.alice.id, toUserId: cast.bob.id })
    expect(+(made?.expiresAt ?? 0) - +(made?.createdAt ?? 0)).toBe(days(7))
    expect(await db().auditEntry.findFirstOrThrow()).toMatchObject({
      organizationId: cast.acme.id,
      actorUserId: cast.alice.id,
      act: "ownership.offered",
      target: "bob@acme.test",
      clientAddress: requester.clientAddress,
    })
  })

  test("[O7] goes to members only, never to strangers, owners or oneself", async () => {
    const second = await buildUser(db(), { email: "second@acme.test" })
    await buildMembership(db(), { user: second, organization: cast.acme, role: "owner" })
    expect(await offer(cast.alice, "nonsense")).toBe("no_address")
    expect(await offer(cast.alice, "charlie@birch.test")).toBe("not_a_member")
    expect(await offer(cast.alice, "nobody@x.test")).toBe("not_a_member")
    expect(await offer(cast.alice, "alice@acme.test")).toBe("yourself")
    expect(await offer(cast.alice, "second@acme.test")).toBe("an_owner")
    expect([await offers(), await mails(), await audit()]).toEqual([[], [], []])
  })

  test("[O7] one offer at a time; one that has run out, or is worth nothing, gives way", async () => {
    expect(await offer(cast.alice, "bob@acme.test")).toBe("done")
    expect(await offer(cast.alice, "amir@acme.test")).toBe("offered_already")
    clock.advance(days(7))
    expect(await offer(cast.alice, "amir@acme.test")).toBe("done")
    await db().user.update({ where: { id: cast.amir.id }, data: { disabledAt: new Date() } })
    expect(await offer(cast.alice, "bob@acme.test")).toBe("done")
    expect(await offers()).toHaveLength(1)
  })

  test("[O7] an owner who was demoted since the request began offers nothing", async () => {
    const alice = await acme(cast.alice)
    await db().membership.updateMany({ where: { id: alice.id }, data: { role: "admin" } })
    expect(said(await offerOwnership(alice, "bob@acme.test", requester))).toBe("changed")
    expect([await offers(), await mails()]).toEqual([[], []])
  })
})

describe("the end of an offer", () => {
  beforeEach(async () => {
    await offer(cast.alice, "bob@acme.test")
    await db().mail.deleteMany()
    await db().auditEntry.deleteMany()
  })

  const accept = async (user: User, at?: number) =>
    said(await acceptOwnership(await acme(user), at ?? (await offeredAt()), requester))

  test("[O7] accepted: the receiver owns, the giver is an admin, the others stay, the giver is told", async () => {
    expect(await accept(cast.bob)).toBe("done")
    expect(await rolesNow()).toEqual(["Alice Archer admin", "Amir Aziz admin", "Bob Berger owner"])
    expect(await mails()).toEqual([["ownership_accepted", "alice@acme.test"]])
    expect(await db().auditEntry.findMany()).toMatchObject([
      { act: "ownership.accepted", actorUserId: cast.bob.id, target: "alice@acme.test" },
    ])
    expect(await offers()).toEqual([])
  })

  test("[O7] declined: the giver is told, nothing else changes", async () => {
    expect(said(await declineOwnership(await acme(cast.bob), await offeredAt(), requester))).toBe("done")
    expect([await rolesNow(), await audit()]).toEqual([asBefore, ["ownership.declined"]])
    expect(await mails()).toEqual([["ownership_declined", "alice@acme.test"]])
  })

  test("[O7] taken back: the receiver is told, nothing else changes", async () => {
    expect(said(await takeBackOffer(await acme(cast.alice), await offeredAt(), requester))).toBe("done")
    expect([await rolesNow(), await audit()]).toEqual([asBefore, ["ownership.taken_back"]])
    expect(await mails()).toEqual([["ownership_taken_back", "bob@acme.test"]])
  })

  test("[O7] only whom it is for accepts, only whom it is from takes it back, and only this very offer", async () => {
    const at = await offeredAt()
    expect(await accept(cast.amir)).toBe("gone")
    expect(await accept(cast.alice)).toBe("gone")
    expect(said(await takeBackOffer(await acme(cast.amir), at, requester))).toBe("gone")
    expect(said(await takeBackOffer(await acme(cast.bob), at, requester))).toBe("gone")
    expect(await accept(cast.bob, at - 1)).toBe("gone")
    const charlie = await member(cast.charlie, "birch")
    expect(said(await acceptOwnership(charlie, at, requester))).toBe("gone")
    expect([await rolesNow(), await mails(), await audit()]).toEqual([asBefore, [], []])
    expect(await offers()).toHaveLength(1)
  })

  test("[O7] it runs out after seven days, says so, and is purged some time later", async () => {
    const at = await offeredAt()
    clock.advance(days(7))
    expect(await accept(cast.bob, at)).toBe("expired")
    expect(await readOffer(await acme(cast.bob))).toMatchObject({ expired: true })
    expect(await rolesNow()).toEqual(asBefore)
    expect(await purgeOffers()).toBe(0)
    setEnv({ KEEP_LINKS: "1d" })
    clock.advance(days(2))
    expect([await purgeOffers(), await purgeOffers()]).toEqual([1, 0])
  })

  test.each([
    ["its maker is demoted", "alice", "demoted"],
    ["its maker is disabled", "alice", "disabled"],
    ["its maker leaves", "alice", "left"],
    ["the receiver leaves", "bob", "left"],
    ["the receiver becomes an owner anyway", "bob", "promoted"],
  ] as const)("[O7] it is void once %s", async (_, who, what) => {
    const at = await offeredAt()
    const second = await buildUser(db(), { name: "Sam Second", email: "second@acme.test" })
    await buildMembership(db(), { user: second, organization: cast.acme, role: "owner" })
    const owner = await acme(second)
    const bob = await acme(cast.bob)
    const membership = await acme(cast[who])
    const wish = { membershipId: membership.id, role: what === "promoted" ? "owner" : "admin" } as const
    if (what === "left") await leaveOrganization(membership, requester)
    else if (what === "disabled")
      await db().user.update({ where: { id: membership.userId }, data: { disabledAt: new Date() } })
    else expect((await changeRole(owner, wish, requester)).ok).toBe(true)
    const before = await rolesNow()
    expect(said(await acceptOwnership(bob, at, requester))).toBe("gone")
    expect(await rolesNow()).toEqual(before)
    expect(await readOffer(owner)).toBeUndefined()
    if (what !== "disabled") expect(await offers()).toEqual([])
  })

  test("[O7] it does not come back with someone who was removed and is invited again", async () => {
    const at = await offeredAt()
    const { id } = await acme(cast.bob)
    expect((await removeMember(await acme(cast.amir), id, requester)).ok).toBe(true)
    await buildMembership(db(), { user: cast.bob, organization: cast.acme, role: "member" })
    expect(await accept(cast.bob, at)).toBe("gone")
    expect(await offers()).toEqual([])
  })

  test("[O7] a receiver who only gets another role below owner can still accept", async () => {
    const { id: membershipId } = await acme(cast.bob)
    await changeRole(await acme(cast.alice), { membershipId, role: "admin" }, requester)
    expect(await accept(cast.bob)).toBe("done")
  })
})

describe("two at once on two connections", () => {
  const rounds = [0, 1, 2, 3]

  /** Both acts at the same time, the other one first every second round. */
  async function race(round: number, one: () => Promise<Outcome>, two: () => Promise<Outcome>) {
    const there = () => withDatabase(other, two)
    if (round % 2) {
      const [second, first] = await Promise.all([there(), one()])
      return [said(first), said(second)]
    }
    return (await Promise.all([one(), there()])).map(said)
  }

  async function begin() {
    await db().ownershipTransfer.deleteMany()
    await db().mail.deleteMany()
    for (const [user, role] of [
      [cast.alice, "owner"],
      [cast.amir, "admin"],
      [cast.bob, "member"],
    ] as const) {
      await db().membership.deleteMany({ where: { userId: user.id, organizationId: cast.acme.id } })
      await buildMembership(db(), { user, organization: cast.acme, role })
    }
    expect(await offer(cast.alice, "bob@acme.test")).toBe("done")
    const [alice, amir, bob] = [await acme(cast.alice), await acme(cast.amir), await acme(cast.bob)]
    return { alice, amir, bob, at: await offeredAt() }
  }

  const owners = () => db().membership.count({ where: { organizationId: cast.acme.id, role: "owner" } })

  test.each(rounds)("[O7] accepting twice hands over once (round %i)", async round => {
    const { bob, at } = await begin()
    const accept = () => acceptOwnership(bob, at, requester)
    expect((await race(round, accept, accept)).sort()).toEqual(["done", "gone"])
    expect(await owners()).toBe(1)
    expect((await mails()).slice(1)).toEqual([["ownership_accepted", "alice@acme.test"]])
  })

  test.each(rounds)("[O7] accepting or taking back, one of them happens (round %i)", async round => {
    const { alice, bob, at } = await begin()
    const [accepted, back] = await race(
      round,
      () => acceptOwnership(bob, at, requester),
      () => takeBackOffer(alice, at, requester),
    )
    expect([accepted, back].sort()).toEqual(["done", "gone"])
    expect(await findMembership(cast.bob.id, "acme")).toMatchObject({
      role: accepted === "done" ? "owner" : "member",
    })
    expect(await owners()).toBe(1)
    expect(await mails()).toHaveLength(2)
  })

  test.each(rounds)(
    "[O7] accepting while an admin removes the receiver leaves one owner (round %i)",
    async round => {
      const { amir, bob, at } = await begin()
      const [accepted, removed] = await race(
        round,
        () => acceptOwnership(bob, at, requester),
        () => removeMember(amir, bob.id, requester),
      )
      expect([accepted, removed]).toEqual(accepted === "done" ? ["done", "role_not_yours"] : ["gone", "done"])
      expect(await owners()).toBe(1)
    },
  )

  test.each(rounds)(
    "[O7] accepting while the receiver leaves elsewhere leaves one owner (round %i)",
    async round => {
      const { bob, at } = await begin()
      const outcomes = await race(
        round,
        () => acceptOwnership(bob, at, requester),
        () => leaveOrganization(bob, requester),
      )
      expect(outcomes).toEqual(outcomes[0] === "done" ? ["done", "last_owner"] : ["gone", "done"])
      expect(await owners()).toBe(1)
    },
  )

  test.each(rounds)("[O7] of two owners who offer at once, one does (round %i)", async round => {
    await begin()
    await db().ownershipTransfer.deleteMany()
    await db().mail.deleteMany()
    await db().membership.updateMany({ where: { userId: cast.amir.id }, data: { role: "owner" } })
    const [alice, amir] = [await acme(cast.alice), await acme(cast.amir)]
    const outcomes = await race(
      round,
      () => offerOwnership(alice, "bob@acme.test", requester),
      () => offerOwnership(amir, "bob@acme.test", requester),
    )
    expect(outcomes.sort()).toEqual(["done", "offered_already"])
    expect([(await offers()).length, await mails()]).toEqual([1, [["ownership_offered", "bob@acme.test"]]])
  })
})
