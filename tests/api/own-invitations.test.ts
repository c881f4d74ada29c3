import { expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import { revokeInvitation } from "~/domain/organizations/invitations.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { codeOf, programByKey, programOf } from "../support/callers"
import { buildInvitation, buildMembership, buildOrganization, buildUser, day } from "../support/cast"
import { member, requester } from "../support/membership"
import { Program } from "../support/program"
import { buildSubscription } from "../support/subscription"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const list = "/api/invitations"
const acceptance = (id: string) => `${list}/${id}/accept`

type Wish = Omit<Parameters<typeof buildInvitation>[1], "organization" | "email" | "invitedBy">

/** To Acme, from Alice. */
const invited = (w: World, { email }: Pick<User, "email">, wish: Wish = {}) =>
  buildInvitation(db(), { organization: w.cast.acme, email, invitedBy: w.cast.alice, ...wish })

const membersOfAcme = (w: World) => db().membership.count({ where: { organizationId: w.cast.acme.id } })
const ids = (json: { data: { id: string }[] }) => json.data.map(row => row.id)

test("[O4] what waits for one's address is listed and accepted, and the token may speak of it next", async () => {
  const w = await world()
  const { charlie, acme } = w.cast
  const charlies = await programOf(w, charlie)
  const { id, sentAt, expiresAt } = await invited(w, charlie, { role: "admin" })
  const { status, json } = await charlies.call("GET", list)
  expect(status).toBe(200)
  expect(json).toEqual({
    data: [
      {
        id,
        organization: { name: "Acme" },
        role: "admin",
        invitedBy: { name: "Alice Archer" },
        sentAt: sentAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      },
    ],
    next: null,
  })
  const accepted = await charlies.call("POST", acceptance(id))
  expect(accepted.status).toBe(200)
  expect(accepted.json).toEqual({ id: acme.id, slug: "acme", name: "Acme", role: "admin" })
  expect((await charlies.call("GET", list)).json.data).toEqual([])
  const switched = await charlies.call("POST", "/api/auth/switch-org", { organization: "acme" })
  expect(switched.json.organization).toEqual(accepted.json)
  const audit = await db().auditEntry.findFirstOrThrow({ where: { act: "invitation.accepted" } })
  expect([audit.actorUserId, audit.target]).toEqual([charlie.id, charlie.email])
})

test("[O4] someone new comes in by API alone: by the code of a mail, with a name, into the organisation", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited" })
  await (await programOf(w, w.cast.alice)).call("POST", "/api/organizations/acme/invitations", {
    email: "dana@x.test",
    role: "member",
  })
  await w.settle()
  const dana = new Program(w.url)
  const { json } = await dana.withCookie("/api/auth/login", {}, { email: "dana@x.test" })
  await w.settle()
  const code = w.mailbox.latestTo("dana@x.test").code ?? ""
  const { request } = json
  const entered = await dana.withCookie("/api/auth/verify", {}, { request, code })
  expect([entered.status, entered.json.organization]).toEqual([200, null])
  const [waiting] = (await dana.call("GET", list)).json.data
  expect((await dana.call("PATCH", "/api/auth/profile", { name: "Dana Doe" })).status).toBe(200)
  const accepted = await dana.call("POST", acceptance(waiting.id))
  expect([accepted.status, accepted.json.slug, accepted.json.role]).toEqual([200, "acme", "member"])
  const members = await dana.call("GET", "/api/organizations/acme/members?q=dana")
  expect(members.json.data[0]).toMatchObject({ name: "Dana Doe", email: "dana@x.test" })
})

test("[O4] nobody else sees it, accepts it or spends it: not a stranger, not a key, not a guest", async () => {
  const w = await world()
  const { alice, charlie, olive, bob } = w.cast
  const { id } = await invited(w, charlie)
  for (const user of [alice, bob, olive]) {
    const program = await programOf(w, user)
    expect((await program.call("GET", list)).json.data).toEqual([])
    const refused = await program.call("POST", acceptance(id))
    expect(codeOf(refused)).toBe("404 not_found")
    expect(refused.text).not.toContain("Acme")
  }
  const key = await programByKey(w, charlie, { slug: "birch" })
  const guest = new Program(w.url)
  for (const [method, path] of [
    ["GET", list],
    ["POST", acceptance(id)],
  ] as const) {
    expect(codeOf(await key.call(method, path))).toBe("403 scope_missing")
    expect(codeOf(await guest.send(method, path, undefined, { Origin: w.url }))).toBe("401 signed_out")
  }
  const charlies = await programOf(w, charlie)
  expect(codeOf(await charlies.call("POST", acceptance("0".repeat(32))))).toBe("404 not_found")
  expect(ids((await charlies.call("GET", list)).json)).toEqual([id])
  expect(await membersOfAcme(w)).toBe(3)
})

test("[O4] an address that was never proven is invited to nothing", async () => {
  const w = await world()
  const unproven = await buildUser(db(), { email: "claimed@x.test", proven: false })
  const { id } = await invited(w, unproven)
  const program = await programOf(w, unproven)
  // Signing in by mail proves a mailbox; taken back, this session is one that was made without.
  await db().user.update({ where: { id: unproven.id }, data: { provenAt: null } })
  expect((await program.call("GET", list)).json).toEqual({ data: [], next: null })
  expect(codeOf(await program.call("POST", acceptance(id)))).toBe("404 not_found")
  expect(await membersOfAcme(w)).toBe(3)
})

test("[O5] what has expired, was withdrawn or used is not listed, and refused as over", async () => {
  const w = await world()
  const { charlie, alice, birch, bob } = w.cast
  const charlies = await programOf(w, charlie)
  const expired = await invited(w, charlie, { sentAt: fromNow(-8 * day), expiresAt: fromNow(-day) })
  expect((await charlies.call("GET", list)).json.data).toEqual([])
  expect(codeOf(await charlies.call("POST", acceptance(expired.id)))).toBe("410 invitation_over")
  await db().invitation.update({ where: { id: expired.id }, data: { expiresAt: fromNow(day) } })
  await revokeInvitation(await member(alice, "acme"), expired.id, requester)
  expect((await charlies.call("GET", list)).json.data).toEqual([])
  expect(codeOf(await charlies.call("POST", acceptance(expired.id)))).toBe("410 invitation_over")
  expect(await membersOfAcme(w)).toBe(3)
  const there = await buildInvitation(db(), { organization: birch, email: bob.email, invitedBy: charlie })
  const bobs = await programOf(w, bob)
  expect((await bobs.call("POST", acceptance(there.id))).status).toBe(200)
  expect(codeOf(await bobs.call("POST", acceptance(there.id)))).toBe("410 invitation_over")
})

test("[O6] accepted many times at once, it makes one member and takes one seat", async () => {
  const w = await world()
  const { charlie } = w.cast
  const { id } = await invited(w, charlie)
  const [one, two] = [await programOf(w, charlie), await programOf(w, charlie)]
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => (i % 2 ? one : two).call("POST", acceptance(id))),
  )
  expect(answers.map(codeOf).sort()).toEqual(["200 done", ...Array(7).fill("410 invitation_over")])
  expect(await membersOfAcme(w)).toBe(4)
  expect(await db().auditEntry.count({ where: { act: "invitation.accepted" } })).toBe(1)
})

test("[O6] of two at the last seat one comes in; the other hears that it is full, and keeps the invitation", async () => {
  const w = await world()
  const { charlie, olive, acme } = w.cast
  await buildSubscription(acme, { status: "active" })
  for (let i = 3; i < 49; i++)
    await buildMembership(db(), {
      user: await buildUser(db(), { email: `m${i}@acme.test` }),
      organization: acme,
      role: "member",
    })
  const asked = await Promise.all(
    [charlie, olive].map(async user => ({
      program: await programOf(w, user),
      id: (await invited(w, user)).id,
    })),
  )
  const answers = await Promise.all(asked.map(({ program, id }) => program.call("POST", acceptance(id))))
  expect(answers.map(codeOf).sort()).toEqual(["200 done", "409 no_seat"])
  expect(await membersOfAcme(w)).toBe(50)
  const left = asked[answers.findIndex(({ status }) => status === 409)]
  expect(ids((await left?.program.call("GET", list))?.json)).toEqual([left?.id])
  expect(await db().mail.count({ where: { template: "seats_full" } })).toBe(1)
})

test("[O8] nobody joins what is archived or unpaid, or where whoever asked may not invite any more", async () => {
  const w = await world()
  const { charlie, amir, acme } = w.cast
  const charlies = await programOf(w, charlie)
  const { id } = await invited(w, charlie)
  const tries = async () => codeOf(await charlies.call("POST", acceptance(id)))
  await db().invitation.update({ where: { id }, data: { invitedById: amir.id } })
  const amirs = { userId: amir.id, organizationId: acme.id }
  await db().membership.updateMany({ where: amirs, data: { role: "member" } })
  expect(await tries()).toBe("410 invitation_over")
  await db().membership.updateMany({ where: amirs, data: { role: "admin" } })
  await buildSubscription(acme, { status: "unpaid", pastDueSince: now() })
  expect(await tries()).toBe("403 read_only")
  await db().subscription.deleteMany()
  await transaction(tx => archive(tx, acme.id, "operator"))
  expect(await tries()).toBe("403 archived")
  expect((await charlies.call("GET", list)).json.data).toEqual([])
  expect(await findMembership(charlie.id, "acme")).toBeUndefined()
})

test("[O4] many are read page by page", async () => {
  const w = await world()
  const { charlie, alice } = w.cast
  for (let i = 0; i < 5; i++) {
    const slug = `o${i}`
    const organization = await buildOrganization(db(), { name: slug, slug, members: [[alice, "owner"]] })
    // All but one at the same moment: the id decides.
    const sentAt = fromNow(i === 0 ? -day : -1_000)
    await buildInvitation(db(), { organization, email: charlie.email, invitedBy: alice, sentAt })
  }
  const charlies = await programOf(w, charlie)
  const whole = ids((await charlies.call("GET", list)).json)
  const seen: string[] = []
  let next: string | null = ""
  for (let pages = 0; next !== null; pages++) {
    expect(pages).toBeLessThan(4)
    const { json } = await charlies.call("GET", `${list}?limit=2${next && `&cursor=${next}`}`)
    seen.push(...ids(json))
    next = json.next
  }
  expect([seen, new Set(seen).size]).toEqual([whole, 5])
})
