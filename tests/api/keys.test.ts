import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { saveKeysUsed } from "~/domain/organizations/api-key-lookup.server"
import { createApiKey } from "~/domain/organizations/api-keys.server"
import type { ApiScope } from "~/domain/organizations/api-scopes"
import { archive, restore } from "~/domain/organizations/archive.server"
import { latestAudit } from "~/domain/organizations/audit.server"
import { changeRole } from "~/domain/organizations/change-role.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { codeOf, programByKey, programOf } from "../support/callers"
import { buildMembership, day } from "../support/cast"
import { minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { Program } from "../support/program"
import { buildSubscription } from "../support/subscription"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const keys = "/api/organizations/acme/keys"
const wish = { name: "CI", scopes: ["members:read"] }

/** A key of Acme's, past the API. */
async function keyOf(user: User, scopes: ApiScope[] = ["members:read"], slug = "acme") {
  const made = await createApiKey(
    await member(user, slug),
    { name: "CI", scopes, expiresAt: null },
    requester,
  )
  if (!made.ok) throw new Error(made.error)
  return { key: made.value.key, id: made.value.apiKey.id }
}

/** What a key may be used for by anyone: to hear whose it is. */
const whoAmI = (w: World, key: string) =>
  new Program(w.url).send("GET", "/api/auth/profile", undefined, bearer(key))

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })

describe("making one", () => {
  test("[A3] an owner makes a key, hears it once, uses it, and sees when it was used", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const expiresAt = fromNow(30 * day).toISOString()
    const made = await alice.call("POST", keys, { ...wish, expiresAt })
    expect(made.status).toBe(201)
    expect(made.headers.get("Cache-Control")).toContain("no-store")
    const { key, ...told } = made.json
    expect(told).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: "CI",
      hint: key.slice(0, 14),
      scopes: ["members:read"],
      state: "live",
      createdBy: { id: w.cast.alice.id, name: "Alice Archer", email: "alice@acme.test" },
      createdAt: expect.any(String),
      expiresAt,
      lastUsedAt: null,
    })
    const profile = await whoAmI(w, key)
    expect([profile.status, profile.json.key?.name]).toEqual([200, "CI"])
    await saveKeysUsed()
    const listed = await alice.call("GET", keys)
    expect(listed.json).toEqual({ data: [{ ...told, lastUsedAt: expect.any(String) }], next: null })
    expect(listed.text).not.toContain(key.slice(0, 15))
  })

  test("[S5] it takes fresh proof; listing and revoking do not", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const { id } = await keyOf(w.cast.alice)
    w.clock.advance(minutes(16))
    expect(codeOf(await alice.call("POST", keys, wish))).toBe("403 proof_needed")
    expect((await alice.call("GET", keys)).status).toBe(200)
    expect((await alice.call("DELETE", `${keys}/${id}`)).status).toBe(204)
    expect(await db().apiKey.count()).toBe(1)
  })

  test("[A3] members and strangers make none and see none; guests are asked who they are", async () => {
    const w = await world()
    const { id } = await keyOf(w.cast.alice)
    const asked = [
      ["GET", keys, undefined],
      ["POST", keys, wish],
      ["DELETE", `${keys}/${id}`, undefined],
    ] as const
    for (const [method, path, body] of asked) {
      const bob = await programOf(w, w.cast.bob)
      expect(codeOf(await bob.call(method, path, body)), method).toBe("403 forbidden")
      const charlie = await programOf(w, w.cast.charlie)
      expect(codeOf(await charlie.call(method, path, body)), method).toBe("404 not_found")
      const guest = await new Program(w.url).send(method, path, body, { Origin: w.url })
      expect(codeOf(guest), method).toBe("401 signed_out")
    }
    expect(await db().apiKey.count({ where: { revokedAt: null } })).toBe(1)
  })

  test("[A3] what does not fit is told by field", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const wrong: [Record<string, unknown>, string][] = [
      [{ name: "" }, "name"],
      [{ name: "x".repeat(81) }, "name"],
      [{ scopes: [] }, "scopes"],
      [{ scopes: ["root"] }, "scopes.0"],
      [{ expiresAt: "tomorrow" }, "expiresAt"],
      [{ expiresAt: fromNow(-1_000).toISOString() }, "expiresAt"],
      [{ expiresAt: "+275760-09-13T00:00:00.001Z" }, "expiresAt"],
    ]
    for (const [change, field] of wrong) {
      const answer = await alice.call("POST", keys, { ...wish, ...change })
      expect([answer.status, Object.keys(answer.json.error.fields ?? {})], field).toEqual([400, [field]])
    }
    expect(await db().apiKey.count()).toBe(0)
  })

  test("[A3] fifty are the most", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const { acme } = w.cast
    for (let i = 0; i < 50; i++)
      await db().apiKey.create({
        data: {
          id: newId(),
          organizationId: acme.id,
          createdById: w.cast.alice.id,
          name: `Key ${i}`,
          tokenHash: `hash ${i}`,
          hint: "gatehouse_abcd",
          scopes: "members:read",
          createdAt: fromNow(-i * 1_000),
        },
      })
    expect(codeOf(await alice.call("POST", keys, wish))).toBe("409 limit_reached")
    const first = await alice.call("GET", `${keys}?limit=30`)
    expect(first.json.data).toHaveLength(30)
    const second = await alice.call("GET", `${keys}?limit=30&cursor=${first.json.next}`)
    expect(second.json.data).toHaveLength(20)
    expect(second.json.next).toBeNull()
    expect(second.json.data[0].name).toBe("Key 30")
    expect(codeOf(await alice.call("GET", `${keys}?cursor=nonsense`))).toBe("400 invalid_input")
  })
})

describe("revoking", () => {
  test("[A3] the next call is refused, a second revoking changes nothing, another organisation's is not there", async () => {
    const w = await world()
    const amir = await programOf(w, w.cast.amir)
    const { key, id } = await keyOf(w.cast.alice)
    expect((await whoAmI(w, key)).status).toBe(200)
    for (const _ of [1, 2]) {
      const answer = await amir.call("DELETE", `${keys}/${id}`)
      expect([answer.status, answer.text]).toEqual([204, ""])
    }
    const refused = await whoAmI(w, key)
    expect(codeOf(refused)).toBe("401 invalid_token")
    expect(refused.headers.get("WWW-Authenticate")).toBe('Bearer error="invalid_token"')
    expect(await db().auditEntry.count({ where: { act: "key.revoked" } })).toBe(1)
    const birchs = await keyOf(w.cast.charlie, ["members:read"], "birch")
    for (const other of [birchs.id, "nothing", "__proto__"])
      expect(codeOf(await amir.call("DELETE", `${keys}/${other}`)), other).toBe("404 not_found")
    expect((await whoAmI(w, birchs.key)).status).toBe(200)
  })

  test("[A3] two at once: both hear that it is done, and the log has one line", async () => {
    const w = await world()
    const [alice, amir] = [await programOf(w, w.cast.alice), await programOf(w, w.cast.amir)]
    const { id } = await keyOf(w.cast.alice)
    const answers = await Promise.all([
      alice.call("DELETE", `${keys}/${id}`),
      amir.call("DELETE", `${keys}/${id}`),
    ])
    expect(answers.map(({ status }) => status)).toEqual([204, 204])
    expect(await db().auditEntry.count({ where: { act: "key.revoked" } })).toBe(1)
  })
})

describe("what a key may not", () => {
  test("[A3] keys manage no keys, whatever their scopes, and make themselves nothing more", async () => {
    const w = await world()
    const { key, id } = await keyOf(w.cast.alice, ["organization:write", "members:write", "audit:read"])
    const program = new Program(w.url)
    program.accessToken = key
    expect(codeOf(await program.call("GET", keys))).toBe("403 scope_missing")
    expect(codeOf(await program.call("POST", keys, wish))).toBe("403 scope_missing")
    expect(codeOf(await program.call("DELETE", `${keys}/${id}`))).toBe("403 scope_missing")
    expect((await whoAmI(w, key)).status).toBe(200)
  })

  test("[A3] wrong, cut and huge keys are refused alike, and are no key by cookie", async () => {
    const w = await world()
    const { key } = await keyOf(w.cast.alice)
    const others = [`${key}A`, key.slice(0, -1), "gatehouse_", `gatehouse_${"x".repeat(8_000)}`]
    for (const other of others) expect(codeOf(await whoAmI(w, other))).toBe("401 invalid_token")
    const cookie = await new Program(w.url).send("GET", "/api/auth/profile", undefined, {
      Cookie: `gatehouse=${key}`,
    })
    expect(cookie.status).toBe(401)
    const page = await new Program(w.url)
      .send("GET", "/api/openapi.json?x=1", undefined, { Authorization: `Bearer ${key}` })
      .then(({ status }) => status)
    expect(page).toBe(200)
  })

  test("[A3] a megabyte of key is refused before anybody looks at it", async () => {
    const w = await world()
    const answer = await fetch(`${w.url}/api/auth/profile`, {
      headers: { Authorization: `Bearer gatehouse_${"x".repeat(1_000_000)}` },
    })
    expect(answer.status).toBe(431)
  })

  test("[A3] a page does not take a key for a session", async () => {
    const w = await world()
    const { key } = await keyOf(w.cast.alice)
    const page = await fetch(`${w.url}/o/acme`, {
      redirect: "manual",
      headers: { Authorization: `Bearer ${key}` },
    })
    expect([page.status, page.headers.get("Location")?.startsWith("/login")]).toEqual([302, true])
  })
})

describe("what a key does", () => {
  test("[A3] it reads what its scopes open, and nothing beside, in its organisation only", async () => {
    const w = await world()
    const key = await programByKey(w, w.cast.alice, { scopes: ["members:read"] })
    expect((await key.call("GET", "/api/organizations/acme/members")).json.data).toHaveLength(3)
    for (const path of ["audit", "invitations"])
      expect(codeOf(await key.call("GET", `/api/organizations/acme/${path}`))).toBe("403 scope_missing")
    expect(codeOf(await key.call("GET", "/api/organizations/birch/members"))).toBe("404 not_found")
  })

  test("[A4] its maker has a lower role by now: it cannot do the former role's acts, and can again with the role", async () => {
    const w = await world()
    const { alice, amir } = w.cast
    const key = await programByKey(w, amir, { scopes: ["audit:read", "members:read"] })
    const audit = "/api/organizations/acme/audit"
    expect((await key.call("GET", audit)).status).toBe(200)
    const give = async (role: "admin" | "member") =>
      changeRole(
        await member(alice, "acme"),
        { membershipId: (await member(amir, "acme")).id, role },
        requester,
      )
    await give("member")
    expect(codeOf(await key.call("GET", audit))).toBe("403 forbidden")
    expect((await key.call("GET", "/api/organizations/acme/members")).status).toBe(200)
    await give("admin")
    expect((await key.call("GET", audit)).status).toBe(200)
  })

  test("[O8] while the organisation is archived it is refused, and it works again once that is over", async () => {
    const w = await world()
    const { acme, alice } = w.cast
    const key = await programByKey(w, alice)
    const members = "/api/organizations/acme/members"
    await transaction(tx => archive(tx, acme.id, "operator"))
    expect(codeOf(await key.call("GET", members))).toBe("403 archived")
    await transaction(tx => restore(tx, acme.id, "operator"))
    expect((await key.call("GET", members)).status).toBe(200)
  })

  test("[B7] while the plan is unpaid it reads on and changes nothing; keys are revoked, and none is made", async () => {
    const w = await world()
    const { acme, alice } = w.cast
    const key = await programByKey(w, alice)
    await buildSubscription(acme, { status: "past_due", pastDueSince: fromNow(-8 * day) })
    expect((await key.call("GET", "/api/organizations/acme/members")).status).toBe(200)
    expect(codeOf(await key.call("PATCH", "/api/organizations/acme", { name: "New" }))).toBe("403 read_only")
    const person = await programOf(w, alice)
    expect(codeOf(await person.call("POST", keys, wish))).toBe("403 read_only")
    const { data } = (await person.call("GET", keys)).json
    expect((await person.call("DELETE", `${keys}/${data[0].id}`)).status).toBe(204)
    expect(codeOf(await key.call("GET", "/api/organizations/acme/members"))).toBe("401 invalid_token")
  })

  test("[O10] the log says with which key it was done, and of what a person does no such thing", async () => {
    const w = await world()
    const { alice, acme } = w.cast
    const key = await programByKey(w, alice)
    const { hint } = await db().apiKey.findFirstOrThrow()
    const person = await programOf(w, alice)
    await Promise.all([
      key.call("PATCH", "/api/organizations/acme", { name: "By key" }),
      person.call("POST", "/api/organizations/acme/invitations", { email: "new@x.test", role: "member" }),
    ])
    await w.settle()
    const lines = await latestAudit(acme.id, 10)
    const said = lines.filter(({ act }) => act !== "key.created").map(({ words, who }) => [who.name, words])
    expect(said.sort()).toEqual([
      ["Alice Archer", `Changed the name from Acme to By key, with the key CI (${hint}…)`],
      ["Alice Archer", "Invited new@x.test as member"],
    ])
  })

  test("[O10] the log tells two keys of one name apart, from their making to their end", async () => {
    const w = await world()
    const { alice, acme } = w.cast
    const one = await keyOf(alice, ["organization:write"])
    const two = await keyOf(alice, ["organization:write"])
    for (const { key, id } of [one, two])
      await new Program(w.url).send("PATCH", "/api/organizations/acme", { name: id }, bearer(key))
    const lines = await latestAudit(acme.id, 10)
    const made = lines.filter(({ act }) => act === "key.created").map(({ detail }) => detail.id)
    expect(new Set(made)).toEqual(new Set([one.id, two.id]))
    const renamed = lines.filter(({ act }) => act === "organization.renamed").map(({ detail }) => detail)
    const by = ({ id, key }: { id: string; key: string }) =>
      expect.objectContaining({ withKey: "CI", withKeyId: id, withKeyHint: key.slice(0, 14) })
    expect(renamed).toHaveLength(2)
    expect(renamed).toEqual(expect.arrayContaining([by(one), by(two)]))
  })
})

describe("what ends a key", () => {
  test("[A4] removed and invited again, its maker has to make another one", async () => {
    const w = await world()
    const { amir, acme, alice } = w.cast
    const { key } = await keyOf(amir)
    await removeMember(await member(alice, "acme"), (await member(amir, "acme")).id, requester)
    expect(codeOf(await whoAmI(w, key))).toBe("401 invalid_token")
    await buildMembership(db(), { user: amir, organization: acme, role: "admin" })
    expect(codeOf(await whoAmI(w, key))).toBe("401 invalid_token")
  })

  test("[A3] its time, by the clock of the installation", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const made = await alice.call("POST", keys, { ...wish, expiresAt: fromNow(minutes(5)).toISOString() })
    w.clock.advance(minutes(4))
    expect((await whoAmI(w, made.json.key)).status).toBe(200)
    w.clock.advance(minutes(1))
    expect(codeOf(await whoAmI(w, made.json.key))).toBe("401 invalid_token")
  })
})

test("[A3] a key is in no log, no audit line, no mail and not in the database file", async () => {
  const w = await world()
  const alice = await programOf(w, w.cast.alice)
  const { key } = (await alice.call("POST", keys, wish)).json
  await whoAmI(w, key)
  await whoAmI(w, `${key}x`)
  await new Program(w.url).send("GET", `/api/nope/${key}?token=${key}&q=${key}`, undefined, {
    Authorization: `Bearer ${key}`,
    Origin: key,
  })
  await w.settle()
  const secret = key.slice("gatehouse_".length + 4)
  expect(w.log.records.length).toBeGreaterThan(3)
  expect(JSON.stringify(w.log.records)).not.toContain(secret)
  for (const file of [w.database.file, `${w.database.file}-wal`])
    expect(readFileSync(file).includes(secret), file).toBe(false)
})
