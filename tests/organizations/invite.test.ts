import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { invitation as invitationMail } from "~/domain/mail/messages/invitation"
import { renderMail } from "~/domain/mail/render.server"
import { foundOrganization } from "~/domain/onboarding/found-organization.server"
import { listInvitations, revokeInvitation } from "~/domain/organizations/invitations.server"
import { invite, resendInvitation } from "~/domain/organizations/invite.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import type { Role } from "~/domain/organizations/roles"
import { pendingInvitations } from "~/domain/organizations/waiting-invitations.server"
import { setClock } from "~/platform/clock.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import type { User } from "~/platform/models.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { buildCast, buildInvitation, buildUser, type Cast, day } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

const withMail = { SMTP_HOST: "127.0.0.1", SMTP_PORT: "2525", MAIL_FROM: "Gatehouse <hello@gatehouse.test>" }
const minute = 60_000

let database: FreshDatabase
let cast: Cast

beforeEach(async () => {
  setEnv(withMail)
  database = await freshDatabase()
  cast = await buildCast()
})
afterEach(async () => {
  setClock()
  setEnv({})
  clearLimits()
  await database.close()
})

async function inviteAs(user: User, addresses: string, role: Role = "member", seats: number | null = null) {
  return invite(await member(user, "acme"), { addresses, role }, { seats, requester })
}

async function outcomes(...wish: Parameters<typeof inviteAs>) {
  const lines = await inviteAs(...wish)
  return lines.ok ? lines.value.map(line => line.outcome) : lines.error
}

async function withdrawn(by: Membership, id: string) {
  expect((await revokeInvitation(by, id, requester)).ok).toBe(true)
}

const mailsTo = (recipient: string) => db().mail.findMany({ where: { recipient } })

describe("inviting", () => {
  test("[O3] several at once, with a result for each line", async () => {
    const typed = "new@x.test, Bob@ACME.test; not-an-address\nnew@x.test"
    const lines = await inviteAs(cast.amir, typed)
    expect(lines).toEqual({
      ok: true,
      value: [
        { typed: "new@x.test", outcome: "invited" },
        { typed: "Bob@ACME.test", outcome: "already_member" },
        { typed: "not-an-address", outcome: "no_address" },
      ],
    })
    expect(await db().mail.count()).toBe(1)
    expect(await db().job.count({ where: { kind: "mail.send" } })).toBe(1)
  })

  test("[O3] lasts seven days, keeps the form typed, and writes who invited whom", async () => {
    const at = Date.parse("2026-05-01T12:00:00Z")
    setClock(() => at)
    await inviteAs(cast.amir, "New@X.test", "admin")
    const row = await db().invitation.findFirstOrThrow()
    expect(row).toMatchObject({
      email: "new@x.test",
      emailTyped: "New@X.test",
      role: "admin",
      invitedById: cast.amir.id,
    })
    expect(+row.expiresAt - at).toBe(7 * day)
    const line = await db().auditEntry.findFirstOrThrow({ where: { act: "invitation.sent" } })
    expect(line).toMatchObject({
      actorUserId: cast.amir.id,
      target: "new@x.test",
      detail: '{"role":"admin"}',
    })
  })

  test("[O2] a role above one's own cannot be granted, and a member grants none", async () => {
    expect(await outcomes(cast.amir, "new@x.test", "owner")).toBe("role_not_yours")
    expect(await outcomes(cast.bob, "new@x.test", "member")).toBe("role_not_yours")
    expect(await outcomes(cast.alice, "new@x.test", "owner")).toEqual(["invited"])
    expect(await db().invitation.count()).toBe(1)
  })

  test("[O2] an admin cannot touch an owner's invitation", async () => {
    await inviteAs(cast.alice, "new@x.test", "owner")
    expect(await outcomes(cast.amir, "new@x.test", "member")).toEqual(["role_too_high"])
    const { id } = await db().invitation.findFirstOrThrow()
    const again = await resendInvitation(await member(cast.amir, "acme"), id, { seats: null, requester })
    expect(again).toMatchObject({ ok: true, value: { outcome: "role_too_high" } })
    expect((await db().invitation.findFirstOrThrow()).role).toBe("owner")
  })

  test("[O3] inviting again refreshes the same invitation", async () => {
    await inviteAs(cast.amir, "new@x.test", "member")
    const first = await db().invitation.findFirstOrThrow()
    await db().invitation.update({
      where: { id: first.id },
      data: { askedAgainAt: new Date(), revokedAt: new Date() },
    })
    setClock(() => Date.now() + 2 * day)
    expect(await outcomes(cast.alice, "NEW@x.test", "admin")).toEqual(["sent_again"])
    const [row, ...others] = await db().invitation.findMany()
    expect(others).toEqual([])
    expect(row).toMatchObject({
      id: first.id,
      role: "admin",
      invitedById: cast.alice.id,
      askedAgainAt: null,
      revokedAt: null,
    })
    expect(+(row?.expiresAt ?? 0)).toBeGreaterThan(+first.expiresAt + day)
    expect(await mailsTo("new@x.test")).toHaveLength(2)
  })

  test("[O3] with another role changes it, says so, and writes both roles down", async () => {
    await inviteAs(cast.amir, "new@x.test", "admin")
    const lines = await inviteAs(cast.alice, "new@x.test", "member")
    expect(lines).toEqual({
      ok: true,
      value: [{ typed: "new@x.test", outcome: "role_changed", role: "member" }],
    })
    expect((await db().invitation.findFirstOrThrow()).role).toBe("member")
    const line = await db().auditEntry.findFirstOrThrow({ where: { act: "invitation.resent" } })
    expect(line.detail).toBe('{"role":"member","from":"admin"}')
  })

  test("[O3] stops at the line at which the inviter is removed, and says so", async () => {
    const [alice, amir] = await Promise.all([member(cast.alice, "acme"), member(cast.amir, "acme")])
    const addresses = Array.from({ length: 20 }, (_, i) => `p${i}@x${i}.test`).join(" ")
    const inviting = invite(amir, { addresses, role: "member" }, { seats: null, requester })
    const removing = removeMember(alice, amir.id, requester)
    const [lines] = await Promise.all([inviting, removing])
    const said = lines.ok ? lines.value.map(line => line.outcome) : []
    const sent = said.indexOf("stopped")
    expect(sent).toBeGreaterThanOrEqual(0)
    expect(said).toEqual([...Array(sent).fill("invited"), ...Array(20 - sent).fill("stopped")])
    expect(await db().invitation.count()).toBe(sent)
    expect(await db().mail.count({ where: { template: "invitation" } })).toBe(sent)
  })

  test("[O3] two clicks within a minute are one mail, also on two connections", async () => {
    const second = await connect(database.file)
    try {
      const results = await Promise.all([
        outcomes(cast.amir, "new@x.test"),
        withDatabase(second, () => outcomes(cast.alice, "new@x.test")),
      ])
      expect(results.flat().sort()).toEqual(["invited", "just_sent"])
      expect(await mailsTo("new@x.test")).toHaveLength(1)
      setClock(() => Date.now() + 2 * minute)
      expect(await outcomes(cast.amir, "new@x.test")).toEqual(["sent_again"])
    } finally {
      await second.close()
    }
  })

  test("[O6] a full plan says so before sending: members and open invitations count", async () => {
    expect(await outcomes(cast.amir, "a@x.test, b@x.test", "member", 4)).toEqual(["invited", "no_seat"])
    setClock(() => Date.now() + 2 * minute)
    expect(await outcomes(cast.amir, "a@x.test", "member", 4)).toEqual(["sent_again"])
    setClock(() => Date.now() + 8 * day)
    expect(await outcomes(cast.amir, "b@x.test", "member", 4)).toEqual(["invited"])
    expect(await mailsTo("b@x.test")).toHaveLength(1)
  })

  test("[O3] an organisation and a mailbox have their hourly measure", async () => {
    setEnv({ ...withMail, LIMIT_INVITATIONS_PER_ORGANIZATION_HOUR: "3", LIMIT_LINKS_PER_ADDRESS_HOUR: "2" })
    expect(await outcomes(cast.amir, "a@x.test b@x.test c@x.test d@x.test")).toEqual([
      "invited",
      "invited",
      "invited",
      "too_many",
    ])
    const birch = await member(cast.charlie, "birch")
    const asCharlie = async (addresses: string) => {
      const lines = await invite(birch, { addresses, role: "member" }, { seats: null, requester })
      return lines.ok && lines.value.map(line => line.outcome)
    }
    expect(await asCharlie("a@x.test")).toEqual(["invited"])
    expect(await asCharlie("a+other@x.test")).toEqual(["too_many"])
  })

  test("[O8] nobody is invited to an archived organisation", async () => {
    await db().organization.update({ where: { slug: "acme" }, data: { archivedAt: new Date() } })
    expect(await outcomes(cast.alice, "new@x.test")).toBe("archived")
  })

  test("[O3] more than fifty addresses are refused as a whole", async () => {
    const many = Array.from({ length: 51 }, (_, i) => `p${i}@x.test`).join("\n")
    expect(await outcomes(cast.alice, many)).toBe("too_long")
    expect(await db().invitation.count()).toBe(0)
  })
})

describe("the mail", () => {
  test("[O3] the outbox holds names with nothing to click, and no token", async () => {
    await db().organization.update({ where: { slug: "acme" }, data: { name: "Win at https://evil.example" } })
    await db().user.update({ where: { id: cast.amir.id }, data: { name: "" } })
    await inviteAs(cast.amir, "new@x.test")
    const [mail] = await mailsTo("new@x.test")
    const { parameters, link } = JSON.parse(mail?.parameters ?? "")
    expect(parameters).toEqual({
      organizationName: "Win at evil. example",
      inviterName: "amir at acme. test",
      roleName: "Member",
    })
    expect(Object.keys(link).sort()).toEqual(["invitationId", "organizationId", "requestedAt"])
    expect(mail?.expiresAt).toEqual((await db().invitation.findFirstOrThrow()).expiresAt)
    expect(await db().link.count()).toBe(0)
  })

  test("[M3] says who, where, as what, how long, and why it came", async () => {
    const parameters = { organizationName: "Acme", inviterName: "Amir Aziz", roleName: "Admin" }
    const mail = await renderMail(invitationMail, parameters, { id: "1", token: "TOKEN" })
    expect(mail.subject).toBe("Amir Aziz invites you to Acme")
    expect(mail.linkUrl).toBe("http://localhost:3000/invitation?token=TOKEN")
    for (const words of [
      "Amir Aziz",
      "Acme",
      "admin",
      "7 days",
      "/invitation?token=TOKEN",
      "You get this because",
    ]) {
      expect(mail.text).toContain(words)
    }
  })

  test("[O3] without mail the inviter is shown the link once, and nothing is queued", async () => {
    setEnv({})
    const lines = await inviteAs(cast.amir, "new@x.test")
    const link = lines.ok && lines.value[0] && "link" in lines.value[0] ? lines.value[0].link : undefined
    expect(link).toMatch(/^http:\/\/localhost:3000\/invitation\?token=[\w-]{43}$/)
    expect(await db().mail.count()).toBe(0)
    expect(await db().link.findFirstOrThrow()).toMatchObject({
      purpose: "invitation",
      email: "new@x.test",
      userId: cast.amir.id,
    })
  })
})

describe("the invitations of an organisation", () => {
  test("[O9] the stranger sees and moves none of them", async () => {
    const sent = await buildInvitation(db(), {
      organization: cast.acme,
      email: "new@x.test",
      invitedBy: cast.alice,
    })
    const charlie = await member(cast.charlie, "birch")
    expect((await listInvitations(charlie)).rows).toEqual([])
    expect(await revokeInvitation(charlie, sent.id, requester)).toEqual({ ok: false, error: "not_found" })
    const context = { seats: null, requester }
    expect(await resendInvitation(charlie, sent.id, context)).toEqual({ ok: false, error: "not_found" })
    expect(await db().invitation.findUnique({ where: { id: sent.id } })).toEqual(sent)
    expect(await db().mail.count()).toBe(0)
  })

  test("[O3] withdrawing works once, is written down, and takes it off the list", async () => {
    const sent = await buildInvitation(db(), {
      organization: cast.acme,
      email: "new@x.test",
      invitedBy: cast.alice,
    })
    const amir = await member(cast.amir, "acme")
    expect(await revokeInvitation(amir, sent.id, requester)).toEqual({
      ok: true,
      value: { email: "new@x.test" },
    })
    expect(await revokeInvitation(amir, sent.id, requester)).toEqual({ ok: false, error: "not_found" })
    expect((await listInvitations(amir)).rows).toEqual([])
    const lines = await db().auditEntry.findMany({ where: { act: "invitation.revoked" } })
    expect(lines).toMatchObject([{ target: "new@x.test", actorUserId: cast.amir.id }])
    expect(await resendInvitation(amir, sent.id, { seats: null, requester })).toEqual({
      ok: false,
      error: "not_found",
    })
  })

  test("[O3] sent again and withdrawn at once, on two connections, it stays withdrawn", async () => {
    const second = await connect(database.file)
    const wish = { organization: cast.acme, invitedBy: cast.amir, sentAt: new Date(Date.now() - day) }
    try {
      for (let round = 0; round < 6; round++) {
        const sent = await buildInvitation(db(), { ...wish, email: `p${round}@x.test` })
        const [alice, amir] = await Promise.all([member(cast.alice, "acme"), member(cast.amir, "acme")])
        const acts = [
          () => resendInvitation(amir, sent.id, { seats: null, requester }),
          () => withdrawn(alice, sent.id),
        ] as const
        const [first, then] = round % 2 ? [acts[1], acts[0]] : acts
        await Promise.all([first(), withDatabase(second, async () => void (await then()))])
        const row = await db().invitation.findUniqueOrThrow({ where: { id: sent.id } })
        expect(row.revokedAt).not.toBeNull()
      }
    } finally {
      await second.close()
    }
  })

  test("[O3] sending one again refreshes its term, for an expired one too", async () => {
    const sentAt = new Date(Date.now() - 8 * day)
    const sent = await buildInvitation(db(), {
      organization: cast.acme,
      email: "new@x.test",
      invitedBy: cast.alice,
      sentAt,
    })
    const amir = await member(cast.amir, "acme")
    expect((await listInvitations(amir)).rows.map(one => one.state)).toEqual(["expired"])
    const again = await resendInvitation(amir, sent.id, { seats: null, requester })
    expect(again).toMatchObject({ ok: true, value: { outcome: "sent_again" } })
    expect((await listInvitations(amir)).rows.map(one => [one.id, one.state])).toEqual([[sent.id, "open"]])
    expect(await mailsTo("new@x.test")).toHaveLength(1)
  })

  test("[O4] a person sees the open invitations of their proven address, to live organisations only", async () => {
    const email = "new@x.test"
    const nia = await buildUser(db(), { email })
    const open = await buildInvitation(db(), { organization: cast.acme, email, invitedBy: cast.alice })
    await buildInvitation(db(), { organization: cast.birch, email, invitedBy: cast.charlie })
    await buildInvitation(db(), { organization: cast.acme, email: "other@x.test", invitedBy: cast.alice })
    await db().organization.update({ where: { slug: "birch" }, data: { archivedAt: new Date() } })
    const seen = await pendingInvitations(nia.id)
    expect(seen.map(one => [one.id, one.organization.name, one.inviter?.name])).toEqual([
      [open.id, "Acme", "Alice Archer"],
    ])
    expect(await pendingInvitations(cast.charlie.id)).toEqual([])
    setClock(() => Date.now() + 8 * day)
    expect(await pendingInvitations(nia.id)).toEqual([])
    setClock()
    await db().user.update({ where: { id: nia.id }, data: { provenAt: null } })
    expect(await pendingInvitations(nia.id)).toEqual([])
  })
})

describe("the measure of invitations", () => {
  const many = (count: number, at: string) =>
    Array.from({ length: count }, (_, i) => `p${i}@${at}`).join("\n")

  /** How many invitations this person can send from so many organisations of their own, fifty from each. */
  async function sentBy(user: User, organizations: number): Promise<number> {
    let sent = 0
    for (let i = 0; i < organizations; i++) {
      const made = await foundOrganization({ name: `Shop ${i}`, ownerId: user.id, requester })
      if (!made.ok) throw new Error("Too many organisations.")
      const owner = await member(user, made.value.slug)
      const addresses = many(50, `x${i}.test`)
      const lines = await invite(owner, { addresses, role: "member" }, { seats: null, requester })
      if (lines.ok) sent += lines.value.filter(line => line.outcome === "invited").length
    }
    return sent
  }

  test("[O3] one person has one measure for all their organisations, a new one a smaller", async () => {
    expect(await sentBy(cast.charlie, 4)).toBe(100)
    const fresh = await buildUser(db(), { email: "fresh@x.test", createdAt: new Date() })
    expect(await sentBy(fresh, 2)).toBe(20)
    expect(await db().mail.count({ where: { template: "invitation" } })).toBe(120)
  })

  test("[O3] lines that send nothing cost nothing", async () => {
    setEnv({ ...withMail, LIMIT_INVITATIONS_PER_ORGANIZATION_HOUR: "2", LIMIT_LINKS_PER_ADDRESS_HOUR: "1" })
    expect(await outcomes(cast.amir, "bob@acme.test alice@acme.test nonsense new@x.test")).toEqual([
      "already_member",
      "already_member",
      "no_address",
      "invited",
    ])
    setClock(() => Date.now() + 2 * minute)
    // Refused for the mailbox: that leaves the organisation what it has.
    expect(await outcomes(cast.amir, "new@x.test b@x.test")).toEqual(["too_many", "invited"])
  })
})
