import { describe, expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import { listAudit } from "~/domain/organizations/audit.server"
import { listOrganizations } from "~/domain/organizations/desk-organizations.server"
import { listPeople } from "~/domain/organizations/desk-people.server"
import { disablePerson, enablePerson } from "~/domain/organizations/shut-out.server"
import { parseCursor } from "~/lib/cursor"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { buildMembership, buildOrganization, buildUser } from "../support/cast"
import { member, requester } from "../support/membership"
import { askForLink, confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

type Name = "olive" | "alice" | "amir" | "bob" | "charlie"

async function signedIn(world: World, who: Name) {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  return browser
}

const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")
const organizationPage = (world: World) => `/admin/organizations/${world.cast.acme.id}`
const personPage = (world: World, who: Name) => `/admin/people/${world.cast[who].id}`

/** What the next page says of what was just done. */
async function toast(browser: ReturnType<World["browser"]>, path: string) {
  return textOf((await browser.get(path)).body)
}

async function quiet(world: World) {
  await world.settle()
  world.mailbox.clear()
}

const mails = (world: World) => world.mailbox.messages().map(mail => [mail.to, mail.subject])

const theInstallation = { standing: "system", name: "Gatehouse", email: "", userId: null }

describe("organisations on the desk", () => {
  test("[D1] are found by name, by address and by a member’s e-mail, and paged", async () => {
    const world = await open()
    const found = async (search: string) => (await listOrganizations(search, {})).rows.map(row => row.name)
    expect(await found("")).toEqual(["Birch", "Acme"])
    expect(await found("ACM")).toEqual(["Acme"])
    expect(await found("/o/birch")).toEqual(["Birch"])
    expect(await found("Bob@acme.test")).toEqual(["Acme"])
    expect(await found("nobody")).toEqual([])
    for (let i = 0; i < 50; i += 1)
      await buildOrganization(db(), { name: `Number ${i}`, slug: `number-${i}`, members: [] })
    const first = await listOrganizations("", {})
    expect([first.rows.length, first.previous]).toEqual([50, null])
    const second = await listOrganizations("", { after: parseCursor(first.next) })
    const names = [...first.rows, ...second.rows].map(row => row.name)
    expect([names.length, new Set(names).size]).toEqual([52, 52])
    const olive = await signedIn(world, "olive")
    const page = textOf((await olive.get("/admin/organizations?search=acme")).body)
    expect(page).toContain(organizationPage(world))
    expect(page).not.toContain("Birch")
  })

  test("[O8] an operator archives one with a word to its owners, and restores it", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    const bob = await signedIn(world, "bob")
    await quiet(world)
    const facts = textOf((await olive.get(organizationPage(world))).body)
    for (const words of ["Alice Archer", "alice@acme.test", "No plan", "Archive Acme"])
      expect(facts).toContain(words)
    const wordless = await olive.post(organizationPage(world), { intent: "archive", note: "  " })
    expect(wordless.status).toBe(400)
    expect(textOf(wordless.body)).toContain("Say why: the owners read it.")
    expect((await bob.get("/o/acme")).status).toBe(200)
    const archived = await olive.post(organizationPage(world), {
      intent: "archive",
      note: "A complaint\r\nof a customer",
    })
    expect([archived.status, archived.location]).toEqual([303, organizationPage(world)])
    expect(await toast(olive, organizationPage(world))).toContain("Acme is archived. Its owners get a mail.")
    expect(textOf((await bob.get("/o/acme")).body)).toContain("They say: A complaint of a customer")
    await olive.post(organizationPage(world), { intent: "archive", note: "Again" })
    await world.settle()
    expect(mails(world)).toEqual([[["alice@acme.test"], "Acme is archived"]])
    const page = textOf((await olive.get(organizationPage(world))).body)
    expect(page).toContain("by Olive Ortega")
    expect(page).toContain("Restore Acme")
    await olive.post(organizationPage(world), { intent: "restore" })
    expect(await toast(olive, organizationPage(world))).toContain("Acme is restored.")
    expect((await bob.get("/o/acme")).status).toBe(200)
    await world.settle()
    expect(mails(world)).toHaveLength(2)
    const lines = await db().auditEntry.findMany({ where: { actorUserId: world.cast.olive.id } })
    expect(lines.map(line => line.act)).toEqual(["organization.archived", "organization.restored"])
    for (const line of lines) expect(line.clientAddress).not.toBe("")
  })

  test("[O8] what is archived for another reason stays so, and the operator is told", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    await transaction(tx => archive(tx, world.cast.acme.id, "billing"))
    await olive.post(organizationPage(world), { intent: "restore" })
    expect(await toast(olive, organizationPage(world))).toContain("No operator has archived Acme.")
    await olive.post(organizationPage(world), { intent: "archive", note: "Fraud" })
    await olive.post(organizationPage(world), { intent: "restore" })
    expect(await toast(olive, organizationPage(world))).toContain("stays archived for another reason")
    expect((await db().archiveHold.findMany()).map(hold => hold.because)).toEqual(["billing"])
  })

  test("[D1] only operators: others are sent home, and nothing happens; an id of nobody is 404", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const desk = ["/admin/organizations", organizationPage(world), "/admin/people", personPage(world, "bob")]
    for (const path of desk) {
      expect([path, (await alice.get(path)).location]).toEqual([path, "/"])
      expect([path, (await world.browser().get(path)).status]).toEqual([path, 302])
    }
    expect((await alice.post(organizationPage(world), { intent: "archive", note: "x" })).location).toBe("/")
    expect((await alice.post(personPage(world, "bob"), { intent: "disable" })).location).toBe("/")
    expect(await db().archiveHold.count()).toBe(0)
    expect(await db().user.count({ where: { disabledAt: { not: null } } })).toBe(0)
    const olive = await signedIn(world, "olive")
    for (const path of ["/admin/organizations/nothing", "/admin/people/nobody"]) {
      expect((await olive.get(path)).status).toBe(404)
      expect((await olive.post(path, { intent: "disable" })).status).toBe(404)
    }
    expect((await olive.post(personPage(world, "bob"), { intent: "promote" })).status).toBe(400)
  })
})

describe("people on the desk", () => {
  test("[D1] are found by name and address", async () => {
    const world = await open()
    const found = async (search: string) => (await listPeople(search, {})).rows.map(row => row.email)
    expect(await found("")).toHaveLength(5)
    expect(await found("aziz")).toEqual(["amir@acme.test"])
    expect(await found("CHARLIE@birch")).toEqual(["charlie@birch.test"])
    const olive = await signedIn(world, "olive")
    const page = textOf((await olive.get("/admin/people?search=bob")).body)
    expect(page).toContain(personPage(world, "bob"))
    expect(page).not.toContain("amir@acme.test")
    expect(textOf((await olive.get(personPage(world, "bob"))).body)).toContain(organizationPage(world))
  })

  test("[D1] disabling ends every session and voids every link at once; enabling lets in again", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    const [laptop, phone] = [await signedIn(world, "bob"), await signedIn(world, "bob")]
    const { link } = await mailedLink(world, world.browser(), "bob@acme.test")
    await quiet(world)
    await olive.post(personPage(world, "bob"), { intent: "disable" })
    expect(await toast(olive, personPage(world, "bob"))).toContain("Bob Berger is disabled")
    for (const browser of [laptop, phone]) {
      expect(await whoIs(browser)).toBeUndefined()
      expect((await browser.get("/o/acme")).status).toBe(302)
    }
    expect((await confirm(world.browser(), link)).status).toBe(410)
    expect(await db().session.count({ where: { userId: world.cast.bob.id, endedBecause: null } })).toBe(0)
    expect(await db().membership.count({ where: { userId: world.cast.bob.id } })).toBe(1)
    await world.settle()
    expect(mails(world)).toEqual([[["bob@acme.test"], "Your account at Gatehouse is shut"]])
    world.clock.advance(120_000)
    await askForLink(world, world.browser(), "bob@acme.test")
    await world.settle()
    expect(mails(world)).toHaveLength(1)

    await olive.post(personPage(world, "bob"), { intent: "enable" })
    await olive.post(personPage(world, "bob"), { intent: "enable" })
    await world.settle()
    expect(
      mails(world)
        .map(([, subject]) => subject)
        .sort(),
    ).toEqual(["Your account at Gatehouse is open again", "Your account at Gatehouse is shut"])
    expect(await whoIs(laptop)).toBeUndefined()
    expect((await confirm(world.browser(), link)).status).toBe(410)
    const back = await signedIn(world, "bob")
    expect((await back.get("/o/acme")).status).toBe(200)
    const lines = await db().auditEntry.findMany({ where: { target: world.cast.bob.id } })
    expect(lines.map(line => [line.act, line.actorUserId, line.organizationId])).toEqual([
      ["person.disabled", world.cast.olive.id, null],
      ["person.enabled", world.cast.olive.id, null],
    ])
    expect(JSON.parse(lines[0]?.detail ?? "")).toEqual({ sessionsEnded: 2 })
    // Their organisation reads it, and not which operator it was, nor from where.
    const { rows } = await listAudit(await member(world.cast.alice, "acme"), {}, {})
    expect(rows.map(({ words, who, clientAddress }) => [words, who, clientAddress])).toEqual([
      ["Enabled the account of bob@acme.test again", theInstallation, ""],
      [expect.stringMatching(/^Disabled the account of bob@acme\.test, /), theInstallation, ""],
    ])
  })

  test("[O7] the only owner of an organisation is not disabled, and the organisation is named", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    const alice = await signedIn(world, "alice")
    await quiet(world)
    await olive.post(personPage(world, "alice"), { intent: "disable" })
    expect(await toast(olive, personPage(world, "alice"))).toContain(
      "Alice Archer is the only owner of Acme.",
    )
    expect(await whoIs(alice)).toBe("alice@acme.test")
    expect(await db().auditEntry.count()).toBe(0)
    await world.settle()
    expect(mails(world)).toEqual([])
    const olga = await buildUser(db(), { email: "olga@acme.test" })
    await buildMembership(db(), { user: olga, organization: world.cast.acme, role: "owner" })
    await olive.post(personPage(world, "alice"), { intent: "disable" })
    expect(await whoIs(alice)).toBeUndefined()
  })

  test("[D1] an operator cannot disable themself, nor act after being disabled", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    expect(textOf((await olive.get(personPage(world, "olive"))).body)).not.toContain('value="disable"')
    await olive.post(personPage(world, "olive"), { intent: "disable" })
    expect(await toast(olive, personPage(world, "olive"))).toContain("You cannot disable yourself.")
    expect(await whoIs(olive)).toBe("olive@gatehouse.test")
  })

  test("[D1] two operators who disable each other at once, on two connections, leave one", async () => {
    const world = await open()
    const { olive } = world.cast
    const oscar = await buildUser(db(), { email: "oscar@gatehouse.test", isOperator: true })
    const second = await connect(world.database.file)
    try {
      const done = await Promise.all([
        disablePerson(olive.id, oscar.id, requester),
        withDatabase(second, () => disablePerson(oscar.id, olive.id, requester)),
      ])
      expect(done.filter(one => one.ok)).toHaveLength(1)
      expect(done.find(one => !one.ok)).toEqual({ ok: false, error: { because: "no_operator" } })
      expect(await db().user.count({ where: { isOperator: true, disabledAt: null } })).toBe(1)
    } finally {
      await second.close()
    }
  })

  test("[D1] disabling and enabling twice at once, on two connections, is one act each", async () => {
    const world = await open()
    const { olive, bob } = world.cast
    const second = await connect(world.database.file)
    const disable = () => disablePerson(olive.id, bob.id, requester)
    const enable = () => enablePerson(olive.id, bob.id, requester)
    try {
      const disabled = await Promise.all([disable(), withDatabase(second, disable)])
      expect(disabled.filter(one => one.ok)).toHaveLength(1)
      const enabled = await Promise.all([enable(), withDatabase(second, enable)])
      expect(enabled.filter(Boolean)).toHaveLength(1)
      expect(await db().auditEntry.count({ where: { organizationId: null } })).toBe(2)
      expect(await db().auditEntry.count({ where: { organizationId: world.cast.acme.id } })).toBe(2)
    } finally {
      await second.close()
    }
  })
})
