import Sqlite from "better-sqlite3"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { isSuppressed } from "~/domain/mail/suppression.server"
import { joinableBy } from "~/domain/organizations/join-by-domain.server"
import { deleteAccount } from "~/domain/privacy/delete-account.server"
import { exportPerson } from "~/domain/privacy/export-person.server"
import { holdings } from "~/domain/privacy/holdings"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import type { Browser } from "../support/browser"
import { buildMembership, buildUser } from "../support/cast"
import { hours, minutes } from "../support/clock"
import { requester } from "../support/membership"
import { heldFields, mailedProofCode } from "../support/proof"
import { bytesWith, tracesIn } from "../support/traces"
import { confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

const canary = /canary/i

async function enter(world: World, email: string): Promise<Browser> {
  const browser = world.browser()
  await signIn(world, browser, email)
  return browser
}

/** Somebody whose name and addresses are found nowhere else, with something in every table that can be of them. */
async function carla(world: World): Promise<User> {
  const { acme, birch, amir } = world.cast
  const user = await buildUser(db(), { name: "Carla Canary", email: "carla@canary.test" })
  await db().user.update({ where: { id: user.id }, data: { emailTyped: "Carla@Canary.Test" } })
  await buildMembership(db(), { user, organization: acme, role: "admin" })
  await buildMembership(db(), { user, organization: birch, role: "owner" })
  const browser = await enter(world, "carla@canary.test")
  world.clock.advance(minutes(2))
  await browser.post("/o/acme/invitations", {
    intent: "invite",
    addresses: "friend@elsewhere.test",
    role: "member",
  })
  await browser.post("/account/email", { intent: "change", email: "New@Canary.Test" })
  await world.settle()
  await confirm(browser, browser.inside(world.mailbox.latestTo("new@canary.test").link ?? ""))
  await mailedLink(world, world.browser(), "new@canary.test")
  const alice = await enter(world, "alice@acme.test")
  await alice.post("/o/acme/transfer", { intent: "offer", address: "new@canary.test" })
  await db().organization.update({ where: { id: acme.id }, data: { billingEmail: "new@canary.test" } })
  await db().joinableDomain.create({
    data: { organizationId: birch.id, domain: "birch.test", addedById: user.id, createdAt: now() },
  })
  await db().invitation.create({
    data: {
      id: newId(),
      organizationId: birch.id,
      email: "new@canary.test",
      emailTyped: "New@Canary.Test",
      role: "member",
      invitedById: amir.id,
      createdAt: now(),
      sentAt: now(),
      expiresAt: now(),
    },
  })
  await db().setting.create({
    data: { key: "alert.x", value: '{"words":"new@canary.test pays twice"}', updatedAt: now() },
  })
  await world.settle()
  fillTheRest(world, user)
  return user
}

/** A row of theirs in every table of the list that has none. */
function fillTheRest(world: World, { id }: User): void {
  const database = new Sqlite(world.database.file)
  database.pragma("foreign_keys = OFF")
  for (const table of Object.keys(holdings)) {
    const columns = database
      .prepare<[], { name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${table}')`)
      .all()
    const isId = (name: string) => /^userId$|UserId$|ById$|RequestedBy$/.test(name)
    const own = columns.filter(({ name }) => isId(name)).map(({ name }) => `${name} = @id`)
    const named = columns.filter(({ type }) => type === "TEXT").map(({ name }) => `${name} LIKE '%canary%'`)
    const there = database
      .prepare<{ id: string }>(`SELECT 1 FROM ${table} WHERE ${[...own, ...named].join(" OR ")}`)
      .get({ id })
    if (there || ["Organization", "Registration"].includes(table)) continue
    const values = columns.map(({ name, type }) => {
      if (isId(name) || (table === "Totp" && name === "userId")) return id
      if (name === "organizationId") return world.cast.birch.id
      if (/^(email|recipient)$/.test(name)) return "new@canary.test"
      if (name === "payload") return '{"email":"new@canary.test"}'
      if (type === "TEXT") return `value of ${name} in ${table}`
      return type === "DATETIME" ? Date.now() + 1e6 : type === "BLOB" ? Buffer.from("x") : 1
    })
    database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => "?").join()})`).run(...values)
  }
  database.close()
}

describe("export", () => {
  test("[S15] it tells of every table that holds something of theirs", async () => {
    const world = await open()
    const user = await carla(world)
    const exported = new Map(Object.entries(await exportPerson(user.id, requester)))
    const empty = Object.entries(holdings).flatMap(([table, { exported: part }]) => {
      if (typeof part !== "string") return []
      const told = JSON.stringify(exported.get(part) ?? null)
      return ["null", "[]", "{}"].includes(told) ? [`${table}: ${part}`] : []
    })
    expect(empty).toEqual([])
  })

  test("[S15] it holds nothing of others, and no secret", async () => {
    const world = await open()
    const user = await carla(world)
    const text = JSON.stringify(await exportPerson(user.id, requester))
    expect(text).toContain("Carla@Canary.Test")
    for (const other of [
      "friend@elsewhere.test",
      "alice@acme.test",
      "Alice Archer",
      "amir@acme.test",
      "charlie@",
    ])
      expect(text, other).not.toContain(other)
    expect(text).not.toMatch(/hash|token|publicKey|"secret"/i)
    const database = new Sqlite(world.database.file, { readonly: true })
    for (const [table, column] of [
      ["Session", "tokenHash"],
      ["Link", "tokenHash"],
      ["ProofCode", "codeHash"],
      ["EmailChange", "undoTokenHash"],
    ]) {
      for (const row of database.prepare<[], Record<string, unknown>>(`SELECT ${column} FROM ${table}`).all())
        if (row[column ?? ""]) expect(text).not.toContain(String(row[column ?? ""]))
    }
    database.close()
    const alices = JSON.stringify(await exportPerson(world.cast.alice.id, requester))
    expect(alices).not.toMatch(canary)
  })

  test("[S15] it does not tell a person from where a stranger typed their address", async () => {
    const world = await open()
    const { bob } = world.cast
    await enter(world, bob.email)
    const asked = { purpose: "sign_in", email: bob.email, userId: bob.id, tokenHash: newId(), id: newId() }
    const at = { requestedAt: now(), createdAt: now(), expiresAt: now() }
    const from = { clientAddress: "203.0.113.77", userAgent: "A stranger's browser" }
    await db().link.create({ data: { ...asked, ...at, ...from } })
    const own = { usedAt: now(), usedByUserId: bob.id, clientAddress: "198.51.100.5" }
    await db().link.create({ data: { ...asked, ...at, ...own, tokenHash: newId(), id: newId() } })
    const { links } = z.object({ links: z.array(z.unknown()) }).parse(await exportPerson(bob.id, requester))
    expect(links).toHaveLength(3)
    expect(JSON.stringify(links)).toContain("198.51.100.5")
    expect(JSON.stringify(links)).not.toMatch(/203\.0\.113\.77|stranger/)
  })

  test("[S15] it is downloaded after fresh proof, by its owner, and written down", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    const file = await alice.get("/account/export.json")
    expect(file.headers.get("Content-Disposition")).toMatch(/attachment; filename="account-/)
    expect(JSON.parse(file.body).person.email).toBe("alice@acme.test")
    expect(await db().securityEvent.count({ where: { kind: "data_exported" } })).toBe(1)
    world.clock.advance(minutes(16))
    expect((await alice.get("/account/export.json")).location).toContain("/account/proof?")
    expect((await world.browser().get("/account/export.json")).location).toContain("/login?")
  })
})

describe("deletion", () => {
  test("[S15] no column of any table and no byte of the file knows their name or an address of theirs", async () => {
    const world = await open()
    const user = await carla(world)
    expect(tracesIn(world.database.file, [canary]).length).toBeGreaterThan(20)
    expect(await deleteAccount(user.id, requester)).toEqual({ ok: true, value: undefined })
    await world.settle()
    world.clock.advance(minutes(3))
    await world.settle()
    expect(tracesIn(world.database.file, [canary])).toEqual([])
    expect(bytesWith(world.database.file, [canary])).toEqual([])
    const withId = tracesIn(world.database.file, [new RegExp(user.id)]).map(line => line.split(":")[0])
    expect([...new Set(withId)]).toEqual(["AuditEntry.actorUserId"])
  })

  test("[S15] an account elsewhere that waits to be connected to theirs goes, and nobody else's", async () => {
    const world = await open()
    const { bob } = world.cast
    await enter(world, bob.email)
    const { requestHash } = await db().link.findFirstOrThrow({ where: { email: bob.email } })
    expect(requestHash).toBeTruthy()
    const waiting = (tokenHash: string, request: string | null) => ({
      ...{ id: newId(), tokenHash, provider: "google", account: "sealed", requestHash: request },
      ...{ createdAt: now(), expiresAt: new Date(+now() + hours(1)) },
    })
    await db().waitingIdentity.createMany({
      data: [waiting("his", requestHash), waiting("other", "another")],
    })
    await deleteAccount(bob.id, requester)
    expect((await db().waitingIdentity.findMany()).map(({ tokenHash }) => tokenHash)).toEqual(["other"])
  })

  test("[S15] others keep what is theirs: purchases and audit lines stay, under a pseudonym", async () => {
    const world = await open()
    const user = await carla(world)
    const before = {
      acme: await db().auditEntry.count({ where: { organizationId: world.cast.acme.id } }),
      purchases: await db().checkout.count(),
      alice: JSON.stringify(await db().user.findUnique({ where: { id: world.cast.alice.id } })),
    }
    await deleteAccount(user.id, requester)
    // One more line: that they left.
    const lines = await db().auditEntry.findMany({ where: { organizationId: world.cast.acme.id } })
    expect(lines.length).toBeGreaterThan(before.acme)
    expect(lines.filter(({ target }) => /^deleted-/.test(target)).length).toBeGreaterThan(0)
    expect(await db().checkout.count()).toBe(before.purchases)
    expect((await db().checkout.findFirstOrThrow()).email).toMatch(/^deleted-[0-9a-f]{12}$/)
    expect(JSON.stringify(await db().user.findUnique({ where: { id: world.cast.alice.id } }))).toBe(
      before.alice,
    )
    expect(
      (await db().organization.findUniqueOrThrow({ where: { id: world.cast.acme.id } })).billingEmail,
    ).toBeNull()
  })

  test("[S15] an address that only contains theirs is somebody else's, and stays", async () => {
    const world = await open()
    const jim = await buildUser(db(), { name: "Jim", email: "jimbob@acme.test" })
    await buildMembership(db(), { user: jim, organization: world.cast.acme, role: "member" })
    const alice = await enter(world, "alice@acme.test")
    await alice.post("/o/acme/transfer", { intent: "offer", address: "jimbob@acme.test" })
    await deleteAccount(world.cast.bob.id, requester)
    expect(await db().user.count({ where: { email: "jimbob@acme.test" } })).toBe(1)
    expect(await db().auditEntry.count({ where: { target: "jimbob@acme.test" } })).toBe(1)
    await world.settle()
    expect(world.mailbox.latestTo("jimbob@acme.test").subject).toBeTruthy()
  })

  test("[S15] a mailbox that mail must not be sent to stays so, by a hash, and one that was barred, barred", async () => {
    const world = await open()
    const { bob, acme } = world.cast
    await db().suppression.create({ data: { email: bob.email, reason: "complaint", createdAt: now() } })
    await db().joinableDomain.create({
      data: { organizationId: acme.id, domain: "acme.test", createdAt: now() },
    })
    await db().membership.deleteMany({ where: { userId: bob.id } })
    await db().domainBar.create({ data: { organizationId: acme.id, userId: bob.id, at: now() } })
    await deleteAccount(bob.id, requester)
    expect(await isSuppressed(bob.email)).toBe(true)
    expect(await isSuppressed("amir@acme.test")).toBe(false)
    expect(JSON.stringify(await db().suppression.findMany())).not.toContain(bob.email)
    const again = await buildUser(db(), { email: bob.email })
    expect(await joinableBy({ userId: again.id, email: again.email })).toEqual([])
  })

  test("[O7] the only owner hands over or closes first; of two owners who go at once, one stays", async () => {
    const world = await open()
    const { alice, acme } = world.cast
    const browser = await enter(world, alice.email)
    expect((await browser.get("/account/deletion")).body).toContain("You are the only owner")
    const refused = await browser.post("/account/deletion", { email: alice.email })
    expect(refused.status).toBe(409)
    expect(await whoIs(browser)).toBe(alice.email)
    const second = await buildUser(db(), { name: "Second", email: "second@acme.test" })
    await buildMembership(db(), { user: second, organization: acme, role: "owner" })
    const ends = await Promise.all([deleteAccount(alice.id, requester), deleteAccount(second.id, requester)])
    expect(ends.filter(end => end.ok)).toHaveLength(1)
    expect(await db().membership.count({ where: { organizationId: acme.id, role: "owner" } })).toBe(1)
  })

  test("[S15] the only operator stays, so that somebody can run the place", async () => {
    const world = await open()
    const { olive } = world.cast
    expect(await deleteAccount(olive.id, requester)).toMatchObject({
      ok: false,
      error: { because: "last_operator" },
    })
    await db().user.update({ where: { id: world.cast.amir.id }, data: { isOperator: true } })
    expect((await deleteAccount(olive.id, requester)).ok).toBe(true)
  })

  test("[S15] by its page: the address typed, fresh proof, then signed out everywhere and gone", async () => {
    const world = await open()
    const { bob } = world.cast
    const browser = await enter(world, bob.email)
    const phone = await enter(world, bob.email)
    world.clock.advance(minutes(16))
    const wrong = await browser.post("/account/deletion", { email: "amir@acme.test" })
    expect(wrong.status).toBe(400)
    const asked = await browser.post("/account/deletion", { email: bob.email })
    expect(asked.status).toBe(403)
    expect(await whoIs(browser)).toBe(bob.email)
    const proof_code = await mailedProofCode(world, bob.email)
    const done = await browser.post("/account/deletion", { ...heldFields(asked.body), proof_code })
    expect([done.status, done.location]).toEqual([303, "/"])
    expect(browser.cookies.get("gatehouse")).toBeUndefined()
    expect([await whoIs(browser), await whoIs(phone)]).toEqual([undefined, undefined])
    expect(await db().user.count({ where: { id: bob.id } })).toBe(0)
    await world.settle()
    expect(world.mailbox.latestTo(bob.email).subject).toContain("is deleted")
  })

  test("[S15] a last mail that cannot be sent is waited for, and then forgotten, too", async () => {
    const world = await open()
    world.expectErrors()
    const { bob } = world.cast
    await deleteAccount(bob.id, requester)
    await db().mail.updateMany({ where: { recipient: bob.email }, data: { state: "queued" } })
    await db().job.updateMany({ where: { kind: "mail.send" }, data: { runAt: new Date(+now() + hours(1)) } })
    world.clock.advance(minutes(3))
    await world.settle()
    expect(await db().mail.count({ where: { recipient: bob.email } })).toBe(1)
    world.clock.advance(hours(2))
    await world.settle()
    world.clock.advance(minutes(15))
    await world.settle()
    expect(await db().mail.count({ where: { recipient: bob.email } })).toBe(0)
  })
})
