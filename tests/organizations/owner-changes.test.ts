import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { acceptSignedIn } from "~/domain/onboarding/accept-invitation.server"
import { changeRole } from "~/domain/organizations/change-role.server"
import { offerOwnership } from "~/domain/organizations/offer-ownership.server"
import { readOffer } from "~/domain/organizations/ownership-offer.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import type { Role } from "~/domain/organizations/roles"
import { acceptOwnership, takeBackOffer } from "~/domain/organizations/settle-offer.server"
import { db } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { buildCast, buildInvitation, buildMembership, buildUser, type Cast } from "../support/cast"
import { hours, minutes, type TestClock, testClock } from "../support/clock"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

let database: FreshDatabase
let cast: Cast
let clock: TestClock

beforeEach(async () => {
  clearLimits()
  database = await freshDatabase()
  cast = await buildCast()
  clock = testClock()
})
afterEach(async () => {
  clock.restore()
  await database.close()
})

const acme = (user: User) => member(user, "acme")
const said = (result: { ok: true } | { ok: false; error: string }) => (result.ok ? "done" : result.error)

/** An owner of Acme besides Alice, and one whom an operator has shut out. */
async function moreOwners(): Promise<User> {
  const [sam, shut] = [
    await buildUser(db(), { name: "Sam Second", email: "sam@acme.test" }),
    await buildUser(db(), { name: "Shut Out", email: "shut@acme.test" }),
  ]
  for (const user of [sam, shut])
    await buildMembership(db(), { user, organization: cast.acme, role: "owner" })
  await db().user.update({ where: { id: shut.id }, data: { disabledAt: new Date() } })
  return sam
}

async function give(actor: User, target: User, role: Role) {
  const { id: membershipId } = await acme(target)
  return said(await changeRole(await acme(actor), { membershipId, role }, requester))
}

/** Who was mailed what since the last time. */
async function mails(): Promise<[string, string][]> {
  const rows = await db().mail.findMany({ orderBy: [{ template: "asc" }, { recipient: "asc" }] })
  await db().mail.deleteMany()
  return rows.map(row => [row.template, row.recipient])
}

describe("the other owners hear of it, and nobody else", () => {
  test("[O7] when someone is made an owner by their role, and when an owner gets another one", async () => {
    const sam = await moreOwners()
    expect(await give(cast.alice, cast.amir, "owner")).toBe("done")
    const { parameters } = await db().mail.findFirstOrThrow({ where: { template: "owner_joined" } })
    expect(JSON.parse(parameters).parameters).toMatchObject({
      personName: "Amir Aziz",
      byName: "Alice Archer",
      by: "role",
    })
    expect(await mails()).toEqual([
      ["owner_joined", sam.email],
      ["role_changed", cast.amir.email],
    ])
    expect(await give(cast.alice, cast.amir, "admin")).toBe("done")
    expect(await mails()).toEqual([
      ["owner_gone", sam.email],
      ["role_changed", cast.amir.email],
    ])
    expect(await give(sam, sam, "member")).toBe("done")
    expect(await mails()).toEqual([["owner_gone", cast.alice.email]])
  })

  test("[O7] but not of changes among the others", async () => {
    await moreOwners()
    expect(await give(cast.amir, cast.bob, "admin")).toBe("done")
    expect(await mails()).toEqual([["role_changed", cast.bob.email]])
  })

  test("[O7] when an owner is removed", async () => {
    const sam = await moreOwners()
    await buildMembership(db(), { user: cast.charlie, organization: cast.acme, role: "owner" })
    const { id } = await acme(cast.charlie)
    expect(said(await removeMember(await acme(cast.alice), id, requester))).toBe("done")
    expect(await mails()).toEqual([
      ["member_removed", cast.charlie.email],
      ["owner_gone", sam.email],
    ])
  })

  test("[O7] when someone accepts an invitation as owner; the inviter is one of them", async () => {
    const sam = await moreOwners()
    const invitation = { organization: cast.acme, email: cast.charlie.email, invitedBy: cast.alice }
    const { id: invitationId } = await buildInvitation(db(), { ...invitation, role: "owner" })
    const acceptance = { invitationId, userId: cast.charlie.id, requester, seatsOf: async () => null }
    expect(said(await acceptSignedIn(acceptance))).toBe("done")
    expect(await mails()).toEqual([
      ["owner_joined", cast.alice.email],
      ["owner_joined", sam.email],
    ])
  })

  test("[O7] but not when it makes an admin, or nothing new of an owner", async () => {
    const sam = await moreOwners()
    for (const [user, role] of [
      [cast.charlie, "admin"],
      [sam, "owner"],
    ] as const) {
      const { id: invitationId } = await buildInvitation(db(), {
        organization: cast.acme,
        email: user.email,
        invitedBy: cast.alice,
        role,
      })
      await acceptSignedIn({ invitationId, userId: user.id, requester, seatsOf: async () => null })
    }
    expect(await mails()).toEqual([])
  })

  test("[O7] when ownership is handed over", async () => {
    const sam = await moreOwners()
    await offerOwnership(await acme(cast.alice), cast.bob.email, requester)
    await mails()
    const offer = await readOffer(await acme(cast.bob))
    expect(said(await acceptOwnership(await acme(cast.bob), +(offer?.createdAt ?? 0), requester))).toBe(
      "done",
    )
    expect(await mails()).toEqual([
      ["owner_joined", sam.email],
      ["ownership_accepted", cast.alice.email],
    ])
  })

  test("[O11] when a closing is asked for", async () => {
    const sam = await moreOwners()
    expect(said(await requestClosing(await acme(cast.alice), requester))).toBe("done")
    expect(await mails()).toEqual([["closing_asked", sam.email]])
    expect(said(await requestClosing(await acme(cast.alice), requester))).toBe("already")
    expect(await mails()).toEqual([])
  })
})

describe("acts that mail have a measure per person", () => {
  const endings: Role[] = ["admin", "member"]

  test("[O2] sixty changes of others' roles in an hour, and only the last of them waits to be mailed", async () => {
    for (let i = 0; i < 60; i++)
      expect(await give(cast.amir, cast.bob, endings[i % 2] ?? "member")).toBe("done")
    for (const _ of endings) expect(await give(cast.amir, cast.bob, "admin")).toBe("too_many")
    expect(await db().mail.count({ where: { recipient: cast.bob.email, state: "queued" } })).toBe(1)
    expect((await acme(cast.bob)).role).toBe("member")
    expect(await db().auditEntry.count({ where: { act: "member.role_changed" } })).toBe(60)
    // Alice has a measure of her own, and an hour later so has Amir.
    expect(await give(cast.alice, cast.bob, "admin")).toBe("done")
    clock.advance(minutes(61))
    expect(await give(cast.amir, cast.bob, "member")).toBe("done")
  })

  test("[O2] a notice of a changed role is worth nothing a day later", async () => {
    await give(cast.amir, cast.bob, "admin")
    const { createdAt, expiresAt } = await db().mail.findFirstOrThrow()
    const seconds = Math.round((+(expiresAt ?? 0) - +createdAt) / 1_000)
    expect(seconds).toBe(hours(24) / 1_000)
  })

  test("[O7] ten offers of ownership in a day", async () => {
    const outcomes: string[] = []
    for (let i = 0; i < 12; i++) {
      const alice = await acme(cast.alice)
      outcomes.push(said(await offerOwnership(alice, cast.bob.email, requester)))
      const offer = await readOffer(alice)
      if (offer) await takeBackOffer(alice, +offer.createdAt, requester)
      clock.advance(1_000)
    }
    expect(outcomes).toEqual([...Array(10).fill("done"), "too_many", "too_many"])
    expect(await mails()).toHaveLength(20)
  })

  test("[O11] five closings in a day; what is closed can always be restored", async () => {
    const [closed, reopened]: [string[], string[]] = [[], []]
    for (let i = 0; i < 6; i++) {
      closed.push(said(await requestClosing(await acme(cast.alice), requester)))
      reopened.push(said(await reopenOrganization(await acme(cast.alice), requester)))
    }
    expect(closed).toEqual([...Array(5).fill("done"), "too_many"])
    expect(reopened).toEqual([...Array(5).fill("done"), "not_closing"])
    clock.advance(hours(25))
    expect(said(await requestClosing(await acme(cast.alice), requester))).toBe("done")
  })
})
