import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { findSession } from "~/domain/accounts/sessions.server"
import { issueLink } from "~/domain/links/issue.server"
import { acceptByLink, acceptSignedIn } from "~/domain/onboarding/accept-invitation.server"
import { askForFreshInvitation } from "~/domain/organizations/ask-again.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import { fromNow, setClock } from "~/platform/clock.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import type { Invitation, User } from "~/platform/models.server"
import { buildCast, buildInvitation, buildMembership, buildUser, type Cast, day } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { requester } from "../support/membership"

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

const unlimited = async () => null

/** A second owner of Acme whom an operator has shut out. */
async function disabledOwner(): Promise<User> {
  const user = await buildUser(db(), { email: "shut@acme.test" })
  await buildMembership(db(), { user, organization: cast.acme, role: "owner" })
  return db().user.update({ where: { id: user.id }, data: { disabledAt: new Date() } })
}

async function invited(email: string, more: Partial<Parameters<typeof buildInvitation>[1]> = {}) {
  const invitation = await buildInvitation(db(), {
    organization: cast.acme,
    email,
    invitedBy: cast.alice,
    ...more,
  })
  return { invitation, token: await mailedLink(invitation) }
}

/** The link as the outbox makes it while sending. */
async function mailedLink({ id: invitationId, organizationId, email, sentAt }: Invitation, userId?: string) {
  const request = {
    purpose: "invitation",
    email,
    organizationId,
    invitationId,
    requestedAt: sentAt,
    userId,
  } as const
  return (await issueLink(db(), request)).token
}

function accept(token: string, more: Partial<Parameters<typeof acceptByLink>[0]> = {}) {
  return acceptByLink({ token, requester, seatsOf: unlimited, ...more })
}

const signedInAs = (user: User) => ({ userId: user.id, email: user.email })
const membersOfAcme = () => db().membership.count({ where: { organizationId: cast.acme.id } })
const unspent = async () => (await db().link.count({ where: { usedAt: null } })) === (await db().link.count())

describe("accepting by link", () => {
  test("[O4] a new person is made, proven, signed in and a member, in one go", async () => {
    const { token } = await invited("new@x.test", { role: "admin" })
    const accepted = await accept(token, { name: "Nia New" })
    expect(accepted).toMatchObject({ ok: true, value: { slug: "acme", organizationName: "Acme" } })
    const user = await db().user.findUniqueOrThrow({ where: { email: "new@x.test" } })
    expect([user.name, user.provenAt !== null]).toEqual(["Nia New", true])
    expect((await findMembership(user.id, "acme"))?.role).toBe("admin")
    expect(findSession((accepted.ok && accepted.value.entry?.token) || "")?.userId).toBe(user.id)
    const acts = await db().auditEntry.findMany({ orderBy: { id: "asc" } })
    expect(acts.map(line => [line.act, line.actorUserId, line.detail])).toEqual([
      ["invitation.accepted", user.id, '{"role":"admin"}'],
    ])
  })

  test("[O4] someone who has an account joins with it and keeps their name", async () => {
    const { token } = await invited(cast.charlie.email)
    expect((await accept(token, { name: "Somebody Else", signedIn: signedInAs(cast.charlie) })).ok).toBe(true)
    expect((await db().user.findUniqueOrThrow({ where: { id: cast.charlie.id } })).name).toBe("Charlie Chen")
    expect((await findMembership(cast.charlie.id, "acme"))?.role).toBe("member")
    expect((await findMembership(cast.charlie.id, "birch"))?.role).toBe("owner")
  })

  test("[O4] an invitation is no sign-in link: an existing account is entered only by signing in", async () => {
    const { token } = await invited(cast.charlie.email)
    expect(await accept(token)).toEqual({ ok: false, error: "sign_in_first" })
    expect(await db().session.count()).toBe(0)
    expect(await unspent()).toBe(true)
  })

  test("[O4] signed in as that person already, no second session is made", async () => {
    const { token } = await invited(cast.charlie.email)
    const accepted = await accept(token, { signedIn: signedInAs(cast.charlie) })
    expect(accepted).toEqual({ ok: true, value: { slug: "acme", organizationName: "Acme" } })
    expect(await db().session.count()).toBe(0)
  })

  test("[O4] signed in as someone else, it is refused and nothing is spent", async () => {
    const { token } = await invited("new@x.test")
    expect(await accept(token, { signedIn: signedInAs(cast.charlie) })).toEqual({
      ok: false,
      error: "someone_else",
    })
    expect(await unspent()).toBe(true)
    expect(await membersOfAcme()).toBe(3)
    expect((await accept(token)).ok).toBe(true)
  })

  test("[S7] a first proof of the mailbox ends earlier sessions, and gives this browser a new one", async () => {
    const squatter = await buildUser(db(), { email: "new@x.test", proven: false })
    await db().session.create({
      data: {
        id: "old",
        tokenHash: "old",
        userId: squatter.id,
        createdAt: new Date(),
        lastSeenAt: new Date(),
        expiresAt: fromNow(day),
        provenAt: new Date(),
        userAgent: "",
        clientAddress: "",
      },
    })
    const { token } = await invited("new@x.test")
    const accepted = await accept(token, { signedIn: signedInAs(squatter) })
    expect(accepted.ok && accepted.value.entry).toBeTruthy()
    expect((await db().session.findUniqueOrThrow({ where: { id: "old" } })).endedBecause).toBe(
      "mailbox_proven",
    )
  })

  test("[L7] invalid, expired, used, withdrawn and another purpose are told apart and change nothing", async () => {
    const before = await membersOfAcme()
    expect(await accept("nonsense")).toEqual({ ok: false, error: "invalid" })
    const signInToken = (await issueLink(db(), { purpose: "sign_in", email: "new@x.test" })).token
    expect(await accept(signInToken)).toEqual({ ok: false, error: "invalid" })

    const { invitation, token } = await invited("new@x.test")
    await db().invitation.update({ where: { id: invitation.id }, data: { revokedAt: new Date() } })
    expect(await accept(token)).toEqual({ ok: false, error: "revoked" })
    await db().invitation.update({ where: { id: invitation.id }, data: { revokedAt: null } })

    setClock(() => Date.now() + 8 * day)
    expect(await accept(token)).toEqual({ ok: false, error: "expired" })
    setClock()
    expect(await membersOfAcme()).toBe(before)
    expect(await unspent()).toBe(true)

    expect((await accept(token)).ok).toBe(true)
    expect(await accept(token)).toEqual({ ok: false, error: "used" })
    const user = await db().user.findUniqueOrThrow({ where: { email: "new@x.test" } })
    const again = await accept(await mailedLink(invitation), { signedIn: signedInAs(user) })
    expect(again).toEqual({ ok: false, error: "accepted" })
    expect(await membersOfAcme()).toBe(before + 1)
  })

  test("[L6] what fails after the link was taken gives it back", async () => {
    const { token } = await invited(cast.charlie.email)
    await db().user.update({ where: { id: cast.charlie.id }, data: { disabledAt: new Date() } })
    expect(await accept(token)).toEqual({ ok: false, error: "disabled" })
    expect(await unspent()).toBe(true)
    expect((await db().invitation.findFirstOrThrow()).acceptedAt).toBeNull()
  })

  test("[O8] an archived organisation takes nobody in", async () => {
    const { token } = await invited("new@x.test")
    await db().organization.update({ where: { slug: "acme" }, data: { archivedAt: new Date() } })
    expect(await accept(token)).toEqual({ ok: false, error: "archived" })
    expect(await db().user.count({ where: { email: "new@x.test" } })).toBe(0)
  })

  test("[O6] a full plan refuses, keeps the invitation, and tells the owner who can sign in once a day", async () => {
    await disabledOwner()
    const { token } = await invited("new@x.test")
    for (const _ of [1, 2])
      expect(await accept(token, { seatsOf: async () => 3 })).toEqual({ ok: false, error: "full" })
    expect(await unspent()).toBe(true)
    const mails = await db().mail.findMany()
    expect(mails.map(mail => [mail.template, mail.recipient])).toEqual([["seats_full", cast.alice.email]])
    expect(mails[0]?.parameters).not.toContain("new@x.test")
    expect((await accept(token, { seatsOf: async () => 5 })).ok).toBe(true)
  })

  test("[O6] someone who is a member already takes no second seat and keeps their role", async () => {
    const { token } = await invited(cast.alice.email)
    const accepted = await accept(token, { signedIn: signedInAs(cast.alice), seatsOf: async () => 3 })
    expect(accepted.ok).toBe(true)
    expect((await findMembership(cast.alice.id, "acme"))?.role).toBe("owner")
    expect(await db().auditEntry.findMany()).toMatchObject([{ act: "invitation.accepted", detail: "{}" }])
  })
})

describe("a link the inviter was shown, because mail is not set up", () => {
  test("[O4] opens no existing account", async () => {
    const { invitation } = await invited(cast.olive.email)
    const shown = await mailedLink(invitation, cast.alice.id)
    expect(await accept(shown)).toEqual({ ok: false, error: "sign_in_first" })
    expect(await db().session.count()).toBe(0)
    expect((await accept(shown, { signedIn: signedInAs(cast.olive) })).ok).toBe(true)
  })

  test("[S7] begins a new account whose mailbox stays unproven", async () => {
    const { invitation } = await invited("new@x.test")
    const accepted = await accept(await mailedLink(invitation, cast.alice.id))
    expect(accepted.ok && accepted.value.entry).toBeTruthy()
    expect((await db().user.findUniqueOrThrow({ where: { email: "new@x.test" } })).provenAt).toBeNull()
  })
})

describe("races, on two connections", () => {
  test("[O6] accepting twice at once gives one membership and one seat", async () => {
    const { invitation, token } = await invited(cast.charlie.email)
    const second = await connect(database.file)
    const other = await mailedLink(invitation)
    const byHand = { invitationId: invitation.id, userId: cast.charlie.id, requester, seatsOf: async () => 4 }
    try {
      const results = await Promise.all([
        accept(token, { seatsOf: async () => 4 }),
        withDatabase(second, () => accept(token, { seatsOf: async () => 4 })),
        accept(other, { seatsOf: async () => 4 }),
        withDatabase(second, () => acceptSignedIn(byHand)),
      ])
      expect(results.filter(result => result.ok)).toHaveLength(1)
      expect(await membersOfAcme()).toBe(4)
      expect(await db().auditEntry.count({ where: { act: "invitation.accepted" } })).toBe(1)
    } finally {
      await second.close()
    }
  })

  test("[O6] two people at once for the last seat: one gets it", async () => {
    const [one, two] = [await invited("one@x.test"), await invited("two@x.test")]
    const second = await connect(database.file)
    try {
      const results = await Promise.all([
        accept(one.token, { seatsOf: async () => 4 }),
        withDatabase(second, () => accept(two.token, { seatsOf: async () => 4 })),
      ])
      expect(results.map(result => (result.ok ? "in" : result.error)).sort()).toEqual(["full", "in"])
      expect(await membersOfAcme()).toBe(4)
    } finally {
      await second.close()
    }
  })
})

describe("accepting while signed in, without the link", () => {
  const byHand = (invitation: Invitation, user: User) =>
    acceptSignedIn({ invitationId: invitation.id, userId: user.id, requester, seatsOf: unlimited })

  test("[O4] works for the invited address, whose mailbox is proven", async () => {
    const { invitation } = await invited(cast.charlie.email)
    expect(await byHand(invitation, cast.charlie)).toMatchObject({ ok: true, value: { slug: "acme" } })
    expect((await findMembership(cast.charlie.id, "acme"))?.role).toBe("member")
  })

  test("[O4] is worthless for anyone else, and for an unproven mailbox", async () => {
    const { invitation } = await invited("new@x.test")
    const squatter = await buildUser(db(), { email: "new@x.test", proven: false })
    for (const user of [cast.charlie, squatter, cast.olive]) {
      expect(await byHand(invitation, user)).toEqual({ ok: false, error: "not_found" })
    }
    expect(await membersOfAcme()).toBe(3)
  })
})

describe("asking again", () => {
  const longAgo = () => new Date(Date.now() - 8 * day)

  test("[O5] tells the inviter, once per invitation sent", async () => {
    const { invitation, token } = await invited("new@x.test", { sentAt: longAgo() })
    const second = await connect(database.file)
    try {
      const results = await Promise.all([
        askForFreshInvitation(token),
        withDatabase(second, () => askForFreshInvitation(token)),
      ])
      expect(results.map(result => (result.ok ? "asked" : result.error)).sort()).toEqual([
        "asked",
        "asked_already",
      ])
    } finally {
      await second.close()
    }
    const mails = await db().mail.findMany()
    expect(mails.map(mail => [mail.template, mail.recipient])).toEqual([
      ["invitation_ask_again", cast.alice.email],
    ])
    await db().invitation.update({ where: { id: invitation.id }, data: { askedAgainAt: null } })
    expect((await askForFreshInvitation(token)).ok).toBe(true)
  })

  test("[O5] reaches an owner when the inviter may not invite any more", async () => {
    await db().membership.updateMany({ where: { userId: cast.amir.id }, data: { role: "member" } })
    const { token } = await invited("new@x.test", { sentAt: longAgo(), invitedBy: cast.amir })
    await askForFreshInvitation(token)
    expect((await db().mail.findFirstOrThrow()).recipient).toBe(cast.alice.email)
  })

  test("[O5] reaches nobody who may not sign in: neither a disabled inviter nor a disabled owner", async () => {
    const shut = await disabledOwner()
    const { token } = await invited("new@x.test", { sentAt: longAgo(), invitedBy: shut })
    await askForFreshInvitation(token)
    expect((await db().mail.findMany()).map(mail => mail.recipient)).toEqual([cast.alice.email])
  })

  test("[O5] is for expired invitations of live organisations only, and needs the link", async () => {
    const { token } = await invited("new@x.test")
    expect(await askForFreshInvitation(token)).toEqual({ ok: false, error: "not_expired" })
    expect(await askForFreshInvitation("nonsense")).toEqual({ ok: false, error: "not_expired" })
    await db().organization.update({ where: { slug: "acme" }, data: { archivedAt: new Date() } })
    const { token: late } = await invited("late@x.test", { sentAt: longAgo() })
    expect(await askForFreshInvitation(late)).toEqual({ ok: false, error: "not_expired" })
    expect(await db().mail.count()).toBe(0)
  })
})
