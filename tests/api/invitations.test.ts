import { describe, expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import { cursorOf } from "~/lib/cursor"
import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { codeOf, onlyManagers, programByKey, programOf, refusalsAt } from "../support/callers"
import { buildInvitation, buildMembership, buildUser, day } from "../support/cast"
import { minutes } from "../support/clock"
import { buildSubscription } from "../support/subscription"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const list = "/api/organizations/acme/invitations"
const one = (id: string) => `${list}/${id}`
const again = (id: string) => `${list}/${id}/resend`

const wish = { email: "new@x.test", role: "member" }

async function invitations(w: World, count: number, { ago = 0, expired = false } = {}) {
  for (let i = 0; i < count; i++) {
    const sentAt = fromNow(-ago - i * 1000)
    await buildInvitation(db(), {
      organization: w.cast.acme,
      email: `i${i}@x.test`,
      invitedBy: w.cast.alice,
      sentAt,
      ...(expired && { expiresAt: fromNow(-1) }),
    })
  }
}

const outcomes = (json: { data: { email: string; outcome: string }[] }) =>
  json.data.map(({ email, outcome }) => `${email} ${outcome}`)

describe("inviting", () => {
  test("[O3] several at once, each settled by itself, and each mailed a link that works", async () => {
    const w = await world()
    const scope = "invitations:write"
    expect(await refusalsAt(w, { method: "POST", path: list, body: wish }, scope)).toEqual(onlyManagers)
    const amir = await programOf(w, w.cast.amir)
    const emails = [
      "New@X.test",
      " two@x.test ",
      "bob@acme.test",
      "no address",
      "new@x.test",
      "a@x.test, b@x.test",
    ]
    const { status, json, text } = await amir.call("POST", list, { emails, role: "admin" })
    expect(status).toBe(201)
    expect(outcomes(json)).toEqual([
      "New@X.test invited",
      "two@x.test invited",
      "bob@acme.test already_member",
      "no address no_address",
      "a@x.test, b@x.test no_address",
    ])
    await w.settle()
    const mail = w.mailbox.latestTo("new@x.test")
    const token = new URL(mail.link ?? "").searchParams.get("token") ?? ""
    expect(token.length).toBe(43)
    expect(text).not.toContain(token)
    const page = await w.browser().get(`/invitation?token=${token}`)
    expect([page.status, page.body.includes("Acme")]).toEqual([200, true])
    expect(w.mailbox.messages("bob@acme.test")).toEqual([])
  })

  test("[O3] one address, by an owner or by a key with the scope; what does not fit is told by field", async () => {
    const w = await world()
    const key = await programByKey(w, w.cast.alice, { scopes: ["invitations:write"] })
    const { json } = await key.call("POST", list, wish)
    expect(json).toEqual({ data: [{ email: "new@x.test", outcome: "invited" }] })
    const row = await db().invitation.findFirstOrThrow()
    expect([row.invitedById, row.role]).toEqual([w.cast.alice.id, "member"])
    const alice = await programOf(w, w.cast.alice)
    expect(outcomes((await alice.call("POST", list, { ...wish, role: "owner" })).json)).toEqual([
      "new@x.test role_changed",
    ])
    for (const [body, field] of [
      [{ role: "member" }, "emails"],
      [{ ...wish, emails: ["a@x.test"] }, "emails"],
      [{ emails: [], role: "member" }, "emails"],
      [{ emails: Array(51).fill("a@x.test"), role: "member" }, "emails"],
      [{ emails: ["a@x.test", 7], role: "member" }, "emails.1"],
      [{ email: { $ne: "" }, role: "member" }, "email"],
      [{ email: "a@x.test" }, "role"],
      [{ ...wish, role: "root" }, "role"],
    ] as const) {
      const refused = await alice.call("POST", list, body)
      expect(codeOf(refused), JSON.stringify(body)).toBe("400 invalid_input")
      expect(Object.keys(refused.json.error.fields), JSON.stringify(body)).toContain(field)
    }
    expect(await db().invitation.count()).toBe(1)
  })

  test("[O2] no role above one's own, and no hand on an owner's invitation", async () => {
    const w = await world()
    const [alice, amir] = [await programOf(w, w.cast.alice), await programOf(w, w.cast.amir)]
    expect(codeOf(await amir.call("POST", list, { ...wish, role: "owner" }))).toBe("403 forbidden")
    expect(await db().invitation.count()).toBe(0)
    await alice.call("POST", list, { ...wish, role: "owner" })
    expect(outcomes((await amir.call("POST", list, wish)).json)).toEqual(["new@x.test role_too_high"])
    const { id } = await db().invitation.findFirstOrThrow()
    expect(codeOf(await amir.call("POST", again(id)))).toBe("403 forbidden")
    expect((await db().invitation.findFirstOrThrow()).role).toBe("owner")
  })

  test("[O6] a full plan is said before anything is sent, and two at the last seat get one", async () => {
    const w = await world()
    await buildSubscription(w.cast.acme, { status: "active" })
    await invitations(w, 46)
    const alice = await programOf(w, w.cast.alice)
    const both = await Promise.all([
      alice.call("POST", list, { email: "one@y.test", role: "member" }),
      alice.call("POST", list, { email: "two@y.test", role: "member" }),
    ])
    const came = both.flatMap(({ json }) => outcomes(json)).map(line => line.split(" ")[1])
    expect(came.sort()).toEqual(["invited", "no_seat"])
    expect(await db().mail.count({ where: { template: "invitation" } })).toBe(1)
    const read = await alice.call("GET", "/api/organizations/acme")
    expect(read.json.seats).toEqual({ members: 3, invited: 47, limit: 50 })
  })

  test("[L16] ends with the limit of an hour: told of each address, then as 429 with when to come back", async () => {
    const w = await world()
    w.settings({ LIMIT_INVITATIONS_PER_PERSON_HOUR: "2" })
    const alice = await programOf(w, w.cast.alice)
    const emails = ["a@x.test", "b@x.test", "c@x.test"]
    const first = await alice.call("POST", list, { emails, role: "member" })
    expect(outcomes(first.json)).toEqual(["a@x.test invited", "b@x.test invited", "c@x.test too_many"])
    const refused = await alice.call("POST", list, { email: "d@x.test", role: "member" })
    expect([codeOf(refused), refused.headers.get("Retry-After")]).toEqual(["429 too_many_requests", "3600"])
    const { id } = await db().invitation.findFirstOrThrow()
    w.clock.advance(minutes(2))
    expect(codeOf(await alice.call("POST", again(id)))).toBe("429 too_many_requests")
    expect(await db().invitation.count()).toBe(2)
  })

  test("[O3] without mail, no answer of the API holds the link", async () => {
    const w = await world()
    w.settings({ SMTP_HOST: "" })
    const alice = await programOf(w, w.cast.alice)
    const { json } = await alice.call("POST", list, wish)
    expect(json).toEqual({ data: [{ email: "new@x.test", outcome: "invited" }] })
    const { id } = await db().invitation.findFirstOrThrow()
    w.clock.advance(minutes(2))
    const sent = await alice.call("POST", again(id))
    expect([sent.status, sent.json]).toEqual([202, { email: "new@x.test", outcome: "sent_again" }])
  })
})

describe("what waits for an answer", () => {
  test("[O3] is listed page by page, the latest first, for owners, admins and keys with the scope", async () => {
    const w = await world()
    await invitations(w, 5)
    const scope = "invitations:read"
    expect(await refusalsAt(w, { method: "GET", path: list }, scope)).toEqual(onlyManagers)
    await db().invitation.updateMany({ where: { email: "i1@x.test" }, data: { revokedAt: now() } })
    await db().invitation.updateMany({ where: { email: "i2@x.test" }, data: { acceptedAt: now() } })
    for (const caller of [
      await programOf(w, w.cast.amir),
      await programByKey(w, w.cast.alice, { scopes: [scope] }),
    ]) {
      const first = await caller.call("GET", `${list}?limit=2`)
      const rest = await caller.call("GET", `${list}?limit=2&cursor=${first.json.next}`)
      const listed = [...first.json.data, ...rest.json.data]
      expect(listed.map(row => row.email)).toEqual(["i0@x.test", "i3@x.test", "i4@x.test"])
      expect(rest.json.next).toBeNull()
      const { id, name, email } = w.cast.alice
      expect(listed[0]).toEqual({
        id: expect.any(String),
        email: "i0@x.test",
        role: "member",
        state: "open",
        sentAt: expect.any(String),
        expiresAt: expect.any(String),
        invitedBy: { id, name, email },
        askedAgain: false,
      })
    }
    w.clock.advance(8 * day)
    const expired = await (await programOf(w, w.cast.amir)).call("GET", list)
    expect(expired.json.data.map((row: { state: string }) => row.state)).toEqual(Array(3).fill("expired"))
  })

  test("[O9] shows nothing of another organisation by its cursor, and refuses what is none", async () => {
    const w = await world()
    const { birch, charlie, alice } = w.cast
    for (const email of ["a@y.test", "b@y.test"])
      await buildInvitation(db(), { organization: birch, email, invitedBy: charlie })
    const there = await programOf(w, charlie)
    const { json } = await there.call("GET", "/api/organizations/birch/invitations?limit=1")
    const here = await programOf(w, alice)
    expect((await here.call("GET", `${list}?cursor=${json.next}`)).json).toEqual({ data: [], next: null })
    const later = cursorOf({ at: fromNow(day), id: "zz" })
    expect((await here.call("GET", `${list}?cursor=${later}`)).json).toEqual({ data: [], next: null })
    expect(codeOf(await here.call("GET", `${list}?cursor=1.'`))).toBe("400 invalid_input")
  })

  test("[B7] can be read while the plan is unpaid, and not be changed", async () => {
    const w = await world()
    await invitations(w, 1)
    await buildSubscription(w.cast.acme, { status: "unpaid", pastDueSince: now() })
    const { id } = await db().invitation.findFirstOrThrow()
    for (const caller of [await programOf(w, w.cast.amir), await programOf(w, w.cast.alice)]) {
      expect((await caller.call("GET", list)).json.data).toHaveLength(1)
      expect(codeOf(await caller.call("POST", list, wish))).toBe("403 read_only")
      expect(codeOf(await caller.call("DELETE", one(id)))).toBe("403 read_only")
      expect(codeOf(await caller.call("POST", again(id)))).toBe("403 read_only")
    }
    const page = await (await programOf(w, w.cast.bob)).call("GET", list)
    expect(codeOf(page)).toBe("403 forbidden")
  })

  test("[O8] is out of reach in an archived organisation", async () => {
    const w = await world()
    await invitations(w, 1)
    const { id } = await db().invitation.findFirstOrThrow()
    await transaction(tx => archive(tx, w.cast.acme.id, "operator"))
    const alice = await programOf(w, w.cast.alice)
    for (const [method, path, body] of [
      ["GET", list],
      ["POST", list, wish],
      ["DELETE", one(id)],
      ["POST", again(id)],
    ] as const)
      expect(codeOf(await alice.call(method, path, body)), method + path).toBe("403 archived")
    expect((await db().invitation.findUniqueOrThrow({ where: { id } })).revokedAt).toBeNull()
  })
})

describe("withdrawing and sending again", () => {
  test("[O3] a withdrawn invitation's link is dead; of two who withdraw, one is told so", async () => {
    const w = await world()
    const amir = await programOf(w, w.cast.amir)
    await amir.call("POST", list, wish)
    await w.settle()
    const link = w.browser().inside(w.mailbox.latestTo("new@x.test").link ?? "")
    const { id } = await db().invitation.findFirstOrThrow()
    const scope = "invitations:write"
    expect(await refusalsAt(w, { method: "DELETE", path: one(id) }, scope)).toEqual(onlyManagers)
    const key = await programByKey(w, w.cast.alice, { scopes: [scope] })
    const both = await Promise.all([amir.call("DELETE", one(id)), key.call("DELETE", one(id))])
    expect(both.map(codeOf).sort()).toEqual(["204 done", "404 not_found"])
    expect((await w.browser().get(link)).body).not.toContain("Accept")
    expect(codeOf(await amir.call("POST", again(id)))).toBe("404 not_found")
    expect(await db().auditEntry.count({ where: { act: "invitation.revoked" } })).toBe(1)
  })

  test("[O3] sends the same one anew, but not twice within a minute", async () => {
    const w = await world()
    await invitations(w, 1, { ago: 8 * day, expired: true })
    const { id } = await db().invitation.findFirstOrThrow()
    const scope = "invitations:write"
    expect(await refusalsAt(w, { method: "POST", path: again(id) }, scope)).toEqual(onlyManagers)
    const key = await programByKey(w, w.cast.amir, { scopes: [scope] })
    const sent = await key.call("POST", again(id))
    expect([sent.status, sent.json]).toEqual([202, { email: "i0@x.test", outcome: "sent_again" }])
    const soon = await key.call("POST", again(id))
    expect([soon.status, soon.json.outcome]).toEqual([202, "just_sent"])
    expect(await db().mail.count({ where: { template: "invitation" } })).toBe(1)
    const rows = await db().invitation.findMany()
    expect(rows.map(row => [row.id, row.expiresAt > fromNow(6 * day)])).toEqual([[id, true]])
  })

  test("[O6] whoever has joined by another way, or finds no seat, is told so with 409", async () => {
    const w = await world()
    await invitations(w, 2, { ago: 8 * day, expired: true })
    const [joined, other] = await db().invitation.findMany({ orderBy: { email: "asc" } })
    const user = await buildUser(db(), { email: joined?.email ?? "" })
    await buildMembership(db(), { user, organization: w.cast.acme, role: "member" })
    const alice = await programOf(w, w.cast.alice)
    const is = await alice.call("POST", again(joined?.id ?? ""))
    expect([codeOf(is), is.json.error.message]).toEqual([
      "409 already_member",
      "This person belongs to the organisation already.",
    ])
    await buildSubscription(w.cast.acme, { status: "active" })
    await db().invitation.createMany({
      data: Array.from({ length: 46 }, (_, i) => ({
        id: newId(),
        organizationId: w.cast.acme.id,
        email: `full${i}@x.test`,
        emailTyped: `full${i}@x.test`,
        role: "member",
        createdAt: now(),
        sentAt: now(),
        expiresAt: fromNow(day),
      })),
    })
    const full = await alice.call("POST", again(other?.id ?? ""))
    expect([codeOf(full), full.json.error.message]).toEqual([
      "409 no_seat",
      "All seats of the plan are taken, or promised by an invitation.",
    ])
    expect(await db().mail.count()).toBe(0)
  })

  test("[O9] another organisation's invitation is 404 and stays as it is", async () => {
    const w = await world()
    const { birch, charlie } = w.cast
    const foreign = await buildInvitation(db(), {
      organization: birch,
      email: "a@y.test",
      invitedBy: charlie,
      sentAt: fromNow(-day),
    })
    const alice = await programOf(w, w.cast.alice)
    for (const id of [foreign.id, "x", "%27--", "a".repeat(300)]) {
      expect(codeOf(await alice.call("DELETE", one(id))), id).toBe("404 not_found")
      expect(codeOf(await alice.call("POST", again(id))), id).toBe("404 not_found")
    }
    expect(await db().invitation.findUniqueOrThrow({ where: { id: foreign.id } })).toEqual(foreign)
    expect(await db().mail.count()).toBe(0)
  })
})
