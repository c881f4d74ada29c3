import { describe, expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import { changeAddress } from "~/domain/organizations/change-address.server"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { Browser } from "../support/browser"
import { codeOf, onlyManagers, programByKey, programOf, refusalsAt } from "../support/callers"
import { buildMembership, buildOrganization } from "../support/cast"
import { member, requester } from "../support/membership"
import { buildSubscription } from "../support/subscription"
import { enter } from "../support/tenancy"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const list = "/api/organizations"
const acme = "/api/organizations/acme"

const archiveAcme = (w: World) => transaction(tx => archive(tx, w.cast.acme.id, "operator", { note: "Spam" }))

describe("listing", () => {
  test("[O1] a person reads their own, each with the role there, page by page", async () => {
    const w = await world()
    const { bob, charlie, birch } = w.cast
    await buildMembership(db(), { user: bob, organization: birch, role: "admin", createdAt: now() })
    for (let i = 0; i < 3; i++)
      await buildOrganization(db(), {
        name: `Own ${i}`,
        slug: `own-${i}`,
        createdAt: new Date(+now() + i + 1),
        members: [[bob, "owner"]],
      })
    const program = await programOf(w, bob)
    const seen: string[] = []
    let next: string | null = ""
    for (let pages = 0; next !== null; pages++) {
      expect(pages).toBeLessThan(4)
      const { status, json } = await program.call(
        "GET",
        `${list}?limit=2${next && `&cursor=${encodeURIComponent(next)}`}`,
      )
      expect([status, json.data.length <= 2]).toEqual([200, true])
      seen.push(...json.data.map((row: { slug: string; role: string }) => `${row.slug} ${row.role}`))
      next = json.next
    }
    expect(seen).toEqual(["acme member", "birch admin", "own-0 owner", "own-1 owner", "own-2 owner"])
    const whole = await (await programOf(w, charlie)).call("GET", list)
    const { id, slug, name } = birch
    expect(whole.json).toEqual({ data: [{ id, slug, name, role: "owner", archivedAt: null }], next: null })
  })

  test("[A3] a key reads the one it was made for, whatever else its maker belongs to", async () => {
    const w = await world()
    const { alice, birch } = w.cast
    await buildMembership(db(), { user: alice, organization: birch, role: "member" })
    const key = await programByKey(w, alice, { scopes: ["members:read"] })
    const { json } = await key.call("GET", list)
    expect(json.data.map((row: { slug: string }) => row.slug)).toEqual(["acme"])
    expect((await key.call("GET", `${list}?cursor=1.x`)).json).toEqual({ data: [], next: null })
  })

  test("[O1] nobody signed out reads any, and an odd page is refused by its field", async () => {
    const w = await world()
    expect((await w.browser().get(list)).status).toBe(401)
    const alice = await programOf(w, w.cast.alice)
    for (const [query, field] of [
      ["cursor=x", "cursor"],
      ["cursor=", "cursor"],
      ["limit=0", "limit"],
      ["limit=101", "limit"],
      ["limit=ten", "limit"],
      ["limit=1.5", "limit"],
    ]) {
      const answer = await alice.call("GET", `${list}?${query}`)
      expect(codeOf(answer), query).toBe("400 invalid_input")
      expect(Object.keys(answer.json.error.fields), query).toEqual([field])
    }
  })

  test("[O8] an archived one is listed as such, and no more is told of it", async () => {
    const w = await world()
    await archiveAcme(w)
    for (const person of [w.cast.alice, w.cast.bob]) {
      const program = await programOf(w, person)
      const { json } = await program.call("GET", list)
      expect(json.data).toMatchObject([{ slug: "acme", archivedAt: expect.stringMatching(/^20/) }])
      const read = await program.call("GET", acme)
      expect(codeOf(read)).toBe("403 archived")
      expect(read.json.error.message).toContain("Spam")
      expect(codeOf(await program.call("PATCH", acme, { name: "New" }))).toBe("403 archived")
    }
  })
})

describe("founding", () => {
  test("[O1] makes whoever calls its owner, with an address from the name", async () => {
    const w = await world()
    const charlie = await programOf(w, w.cast.charlie)
    const made = await charlie.call("POST", list, { name: "  Crème   Brûlée " })
    expect(made.status).toBe(201)
    expect(made.json).toEqual({
      id: expect.any(String),
      slug: "creme-brulee",
      name: "Crème Brûlée",
      role: "owner",
      createdAt: expect.any(String),
      logo: null,
      access: "none",
      plan: null,
      subscription: null,
      endsAt: null,
      seats: { members: 1, invited: 0, limit: null },
    })
    const line = await db().auditEntry.findFirstOrThrow({ where: { act: "organization.created" } })
    expect([line.organizationId, line.actorUserId]).toEqual([made.json.id, w.cast.charlie.id])
    expect((await charlie.call("GET", `${list}/creme-brulee`)).json).toEqual(made.json)
    // The guided set-up begins as it does from the page.
    expect(await db().onboarding.count({ where: { organizationId: made.json.id } })).toBe(1)
  })

  test("[O1] takes a person and a name, and ends at ten a day with when to come back", async () => {
    const w = await world()
    const charlie = await programOf(w, w.cast.charlie)
    const key = await programByKey(w, w.cast.alice)
    expect(codeOf(await key.call("POST", list, { name: "New" }))).toBe("403 scope_missing")
    for (const body of [{}, { name: "" }, { name: "!!!" }, { name: 7 }, { name: "x".repeat(81) }, []])
      expect(codeOf(await charlie.call("POST", list, body)), JSON.stringify(body)).toBe("400 invalid_input")
    expect(await db().organization.count()).toBe(2)
    for (let i = 0; i < 10; i++)
      expect((await charlie.call("POST", list, { name: "Same name" })).status).toBe(201)
    const refused = await charlie.call("POST", list, { name: "Same name" })
    expect(codeOf(refused)).toBe("429 too_many_requests")
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(3600)
    expect(await db().organization.count()).toBe(12)
  })

  test("[S16] another site makes none with somebody's cookie", async () => {
    const w = await world()
    const browser = await enter(new Browser(w.url), w.cast.charlie)
    const answer = await fetch(w.url + list, {
      method: "POST",
      headers: {
        Cookie: `gatehouse=${browser.cookies.get("gatehouse")}`,
        Origin: "https://evil.test",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ name: "New" }),
    })
    expect([answer.status, await db().organization.count()]).toEqual([403, 2])
    expect((await browser.json(list, { name: "New" })).status).toBe(201)
  })
})

describe("reading one", () => {
  test("[B11] tells plan, access and seats as its overview does", async () => {
    const w = await world()
    const cancelAt = new Date(+now() + 86_400_000)
    await buildSubscription(w.cast.acme, { status: "active", cancelAt })
    await db().organizationLogo.create({
      data: { organizationId: w.cast.acme.id, png: Buffer.from("x"), hash: "abc", updatedAt: now() },
    })
    const bob = await programOf(w, w.cast.bob)
    const { json } = await bob.call("GET", acme)
    const { id, slug, name, createdAt } = w.cast.acme
    expect(json).toEqual({
      id,
      slug,
      name,
      role: "member",
      createdAt: createdAt.toISOString(),
      logo: `${w.url}/o/acme/logo?v=abc`,
      access: "full",
      plan: { id: "starter", name: "Starter" },
      subscription: "active",
      endsAt: cancelAt.toISOString(),
      seats: { members: 3, invited: 0, limit: 50 },
    })
  })

  test("[O9] is for members and keys with the scope; to others it is nothing", async () => {
    const w = await world()
    const scope = "organization:read"
    const { member: ofMember, ...others } = await refusalsAt(w, { method: "GET", path: acme }, scope)
    const { member: _, ...refused } = onlyManagers
    expect([ofMember, others]).toEqual(["200 done", refused])
    const key = await programByKey(w, w.cast.alice, { scopes: [scope] })
    expect((await key.call("GET", acme)).json).toMatchObject({ slug: "acme", role: "admin" })
  })

  test("[A3] a key hears nothing of its maker's other organisations, archived or not", async () => {
    const w = await world()
    const { alice, birch, charlie } = w.cast
    await buildMembership(db(), { user: alice, organization: birch, role: "member" })
    await changeAddress(await member(charlie, "birch"), "beech", requester)
    const key = await programByKey(w, alice)
    const asked = [
      ["GET", `${list}/beech`],
      ["GET", `${list}/birch`],
      ["GET", `${list}/birch/audit`],
      ["PATCH", `${list}/beech`],
    ]
    const ask = async () => {
      for (const [method = "", path = ""] of asked) {
        const answer = await key.call(method, path, method === "PATCH" ? { name: "Mine" } : undefined)
        expect(codeOf(answer), path).toBe("404 not_found")
        expect(answer.text).not.toMatch(/Birch|beech/)
      }
    }
    await ask()
    await transaction(tx => archive(tx, birch.id, "operator"))
    await ask()
  })
})

describe("what it asks of its members", () => {
  test("[S11] a token without the second factor is refused by name, and a key goes on", async () => {
    const w = await world()
    const key = await programByKey(w, w.cast.alice)
    await db().organization.update({ where: { id: w.cast.acme.id }, data: { requireMfa: true } })
    for (const person of [w.cast.bob, w.cast.alice]) {
      const program = await programOf(w, person)
      for (const path of [acme, `${acme}/members`])
        expect(codeOf(await program.call("GET", path)), path).toBe("403 second_factor")
      await db().session.update({ where: { id: program.sessionId }, data: { secondFactor: "totp" } })
      expect((await program.call("GET", acme)).status).toBe(200)
    }
    expect((await key.call("GET", acme)).status).toBe(200)
  })

  test("[O12] a token of another way in than it allows is refused, and told which it does", async () => {
    const w = await world()
    await db().organization.update({ where: { id: w.cast.acme.id }, data: { signInMethods: "email" } })
    const bob = await programOf(w, w.cast.bob)
    const refused = await bob.call("GET", acme)
    expect(codeOf(refused)).toBe("403 sign_in_method")
    expect(refused.json.error.message).toContain("Acme asks its members to come in by: ")
    await db().session.update({ where: { id: bob.sessionId }, data: { method: "email" } })
    expect((await bob.call("GET", acme)).status).toBe(200)
  })
})

describe("its name", () => {
  test("[O12] owners, admins and keys with the scope change it; the address stays", async () => {
    const w = await world()
    const scope = "organization:write"
    expect(await refusalsAt(w, { method: "PATCH", path: acme, body: { name: "Mine" } }, scope)).toEqual(
      onlyManagers,
    )
    const callers = [
      await programOf(w, w.cast.alice),
      await programOf(w, w.cast.amir),
      await programByKey(w, w.cast.amir, { scopes: [scope] }),
    ]
    for (const [i, caller] of callers.entries()) {
      const { status, json } = await caller.call("PATCH", acme, { name: `Acme ${i}` })
      expect([status, json.name, json.slug]).toEqual([200, `Acme ${i}`, "acme"])
    }
    const lines = await db().auditEntry.findMany({ where: { act: "organization.renamed" } })
    expect(lines.map(line => line.actorUserId).sort()).toEqual(
      [w.cast.alice.id, w.cast.amir.id, w.cast.amir.id].sort(),
    )
  })

  test("[B7] stays while the plan is unpaid, and can be read", async () => {
    const w = await world()
    await buildSubscription(w.cast.acme, { status: "unpaid", pastDueSince: now() })
    const alice = await programOf(w, w.cast.alice)
    expect(codeOf(await alice.call("PATCH", acme, { name: "New" }))).toBe("403 read_only")
    expect((await alice.call("GET", acme)).json).toMatchObject({ name: "Acme", access: "read_only" })
  })

  test("[A4] is out of reach of a token and a key whose person was demoted meanwhile", async () => {
    const w = await world()
    const { amir } = w.cast
    const [token, key] = [await programOf(w, amir), await programByKey(w, amir)]
    for (const role of ["member", undefined]) {
      const where = { userId: amir.id, organizationId: w.cast.acme.id }
      if (role) await db().membership.updateMany({ where, data: { role } })
      else await db().membership.deleteMany({ where })
      const expected = role ? ["403 forbidden", "403 forbidden"] : ["404 not_found", "401 invalid_token"]
      const heard = [token, key].map(caller => caller.call("PATCH", acme, { name: "Mine" }))
      expect((await Promise.all(heard)).map(codeOf)).toEqual(expected)
    }
    expect((await db().organization.findUniqueOrThrow({ where: { slug: "acme" } })).name).toBe("Acme")
  })
})

describe("an address it had before", () => {
  test("[O12] leads members and keys on, with query and method; to strangers it is nothing", async () => {
    const w = await world()
    const { alice, bob, charlie } = w.cast
    const key = await programByKey(w, alice)
    const changed = await changeAddress(await member(alice, "acme"), "zenith", requester)
    expect(changed.ok).toBe(true)
    for (const caller of [await programOf(w, bob), key]) {
      const led = await caller.call("GET", `${acme}/members?limit=1`)
      expect([led.status, led.headers.get("Location")]).toEqual([
        302,
        "/api/organizations/zenith/members?limit=1",
      ])
    }
    const owner = await programOf(w, alice)
    const led = await owner.call("PATCH", acme, { name: "Zenith" })
    expect([led.status, led.headers.get("Location")]).toEqual([307, "/api/organizations/zenith"])
    const renamed = await owner.call("PATCH", led.headers.get("Location") ?? "", { name: "Zenith" })
    expect(renamed.json).toMatchObject({ slug: "zenith", name: "Zenith" })
    const stranger = await programOf(w, charlie)
    expect(codeOf(await stranger.call("GET", acme))).toBe("404 not_found")
  })

  test("[A1] however its path is written, a call is answered in JSON", async () => {
    const w = await world()
    const charlie = await programOf(w, w.cast.charlie)
    for (const path of ["/API/organizations/acme", "/api/Organizations/acme", "/%61pi/organizations/acme"])
      expect(codeOf(await charlie.call("GET", path)), path).toBe("404 not_found")
    const guest = await w.browser().get("/API/organizations/acme")
    expect([guest.status, JSON.parse(guest.body).error.code]).toEqual([401, "signed_out"])
  })
})
