import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { days, minutes } from "../support/clock"
import { type AuthenticatorApp, authenticatorApp, withTwoFactor, wrongCode } from "../support/two-factor"
import { confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()
const page = "/account/two-factor"
const codesPage = "/account/two-factor/recovery-codes"

async function signedIn(world: World, who: "alice" | "bob" = "bob") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  world.mailbox.clear()
  return browser
}

/** Reads the key off the page, as a person types it into an app. */
async function readKey(browser: Browser): Promise<AuthenticatorApp> {
  const { body } = await browser.get(page)
  const shown = /<code[^>]*>((?:[A-Z2-7]{4} ?){8})</.exec(body)?.[1] ?? ""
  return authenticatorApp(shown.replaceAll(" ", ""))
}

const codesOn = (body: string) =>
  [...body.matchAll(/<li>([0-9A-Z]{5}-[0-9A-Z]{5})<\/li>/g)].map(([, code = ""]) => code)
const subjects = (world: World) => world.mailbox.messages().map(mail => mail.subject)

/** Sets two-factor sign-in up, the whole way through the pages. */
async function setUp(browser: Browser) {
  expect((await browser.post(page, { intent: "begin" })).location).toBe(page)
  const app = await readKey(browser)
  const done = await browser.post(page, { intent: "confirm", code: app.code() })
  return { app, done, codes: codesOn(done.body) }
}

test("[S8] set-up: QR code and key, a first code, ten recovery codes once, stored hashed; the next sign-in asks", async () => {
  const world = await open()
  const bob = await signedIn(world)
  await bob.post(page, { intent: "begin" })
  const shown = await bob.get(page)
  expect(shown.body).toMatch(/<img src="data:image\/svg\+xml;base64,/)
  expect(shown.headers.get("Cache-Control")).toContain("no-store")
  const app = await readKey(bob)
  const refused = await bob.post(page, { intent: "confirm", code: wrongCode(app) })
  expect([refused.status, refused.body.includes("That code does not fit")]).toEqual([400, true])
  expect((await readKey(bob)).secret).toBe(app.secret)
  const done = await bob.post(page, { intent: "confirm", code: app.code() })
  expect(done.status).toBe(200)
  const codes = codesOn(done.body)
  expect(new Set(codes).size).toBe(10)
  const later = await bob.get(page)
  for (const code of codes) expect(later.body).not.toContain(code)
  expect(later.body).not.toContain(app.secret)
  expect(codesOn((await bob.get(codesPage)).body)).toEqual([])
  for (const row of await db().recoveryCode.findMany())
    expect(codes.map(code => code.replace("-", ""))).not.toContain(row.codeHash)
  await world.settle()
  expect(subjects(world)).toEqual(["Two-factor sign-in was switched on"])

  const again = world.browser()
  const { link } = await mailedLink(world, again, "bob@acme.test")
  expect((await confirm(again, link)).location).toBe("/login/second-factor")
  expect((await again.post("/login/second-factor", { by: "totp", code: app.code() })).status).toBe(303)
})

test("[S4] switching it on ends other sessions, waiting links and challenges, and gives this session a new id", async () => {
  const world = await open()
  const [here, there] = [await signedIn(world), await signedIn(world)]
  const { link } = await mailedLink(world, world.browser(), "bob@acme.test")
  const before = here.cookies.get("gatehouse") ?? ""
  const { done } = await setUp(here)
  expect(done.status).toBe(200)
  expect(await whoIs(there)).toBeUndefined()
  expect((await confirm(world.browser(), link)).status).toBe(410)
  expect(await whoIs(here)).toBe("bob@acme.test")
  const stolen = world.browser()
  stolen.cookies.set("gatehouse", before)
  expect(await whoIs(stolen)).toBeUndefined()
  const live = await db().session.findMany({ where: { endedAt: null }, select: { secondFactor: true } })
  expect(live).toEqual([{ secondFactor: "totp" }])
})

test("[S5] setting up, new codes and switching off ask for fresh proof", async () => {
  const world = await open()
  const bob = await signedIn(world)
  world.clock.advance(minutes(16))
  const begun = await bob.post(page, { intent: "begin" })
  expect([begun.status, begun.body.includes("Confirm that it is you")]).toEqual([403, true])
  expect(await db().totp.count()).toBe(0)

  const app = await withTwoFactor(world.cast.bob.id)
  const hashes = async () => (await db().recoveryCode.findMany()).map(row => row.codeHash).sort()
  const before = await hashes()
  for (const [path, fields] of [
    [page, { intent: "off" }],
    [codesPage, {}],
  ] as const) {
    const asked = await bob.post(path, fields)
    expect([asked.status, asked.body.includes("Confirm that it is you")], path).toEqual([403, true])
  }
  expect([await db().totp.count(), await hashes()]).toEqual([1, before])
  expect(app.recoveryCodes).toHaveLength(10)
})

test("[S5] whoever signs in in two steps proves anew with the app or a recovery code, not with the mailbox alone", async () => {
  const world = await open()
  const bob = await signedIn(world)
  const { app, codes } = await setUp(bob)
  world.clock.advance(minutes(16))
  const asked = await bob.post(codesPage)
  expect([asked.status, asked.body.includes("authenticator app")]).toEqual([403, true])
  expect(world.mailbox.messages().filter(mail => mail.code)).toEqual([])
  expect((await bob.post(codesPage, { proof_totp: wrongCode(app) })).status).toBe(403)
  const made = codesOn((await bob.post(codesPage, { proof_totp: app.code() })).body)
  expect(made).toHaveLength(10)
  world.clock.advance(minutes(16))
  expect((await bob.post(codesPage, { proof_totp: codes[0] ?? "" })).status).toBe(403)
  expect(codesOn((await bob.post(codesPage, { proof_totp: made[0] ?? "" })).body)).toHaveLength(10)
})

test("[S10] switched off with fresh proof: one step again, no code left, other sessions ended, told by mail", async () => {
  const world = await open()
  const bob = await signedIn(world)
  await setUp(bob)
  await world.settle()
  world.mailbox.clear()
  const off = await bob.post(page, { intent: "off" })
  expect(off.location).toBe(page)
  expect([await db().totp.count(), await db().recoveryCode.count()]).toEqual([0, 0])
  expect(await db().session.findFirst({ where: { endedAt: null } })).toMatchObject({ secondFactor: null })
  await world.settle()
  expect(subjects(world)).toEqual(["Two-factor sign-in was switched off"])
  await signIn(world, world.browser(), "bob@acme.test")
})

test("[S8] new recovery codes end the old ones, are shown once and told by mail", async () => {
  const world = await open()
  const bob = await signedIn(world)
  const { codes } = await setUp(bob)
  const made = codesOn((await bob.post(codesPage)).body)
  expect(made).toHaveLength(10)
  expect(made.filter(code => codes.includes(code))).toEqual([])
  expect(await db().recoveryCode.count()).toBe(10)
  await world.settle()
  expect(subjects(world)).toContain("New recovery codes were made")
})

test("[S8] a key is shown to whoever proved lately who they are, not to a session found open", async () => {
  const world = await open()
  const bob = await signedIn(world)
  await bob.post(page, { intent: "begin" })
  const app = await readKey(bob)
  await db().session.updateMany({ data: { provenAt: new Date(Date.now() - days(1)) } })
  expect((await bob.get(page)).body).not.toContain("QR code")
  const refused = await bob.post(page, { intent: "confirm", code: app.code() })
  expect([refused.location, await db().recoveryCode.count()]).toEqual([page, 0])
})

test("[S8] a set-up begun anew ends the offer before it, and begins nothing where it is on", async () => {
  const world = await open()
  const bob = await signedIn(world)
  await bob.post(page, { intent: "begin" })
  const before = await readKey(bob)
  await bob.post(page, { intent: "begin" })
  expect((await bob.post(page, { intent: "confirm", code: before.code() })).status).toBe(400)
  await setUp(bob)
  const on = await db().totp.findFirstOrThrow()
  await bob.post(page, { intent: "begin" })
  expect(await db().totp.findMany()).toEqual([on])
})

test("[S8] two simultaneous confirmations make one set of codes", async () => {
  const world = await open()
  const bob = await signedIn(world)
  await bob.post(page, { intent: "begin" })
  const app = await readKey(bob)
  const post = () => bob.post(page, { intent: "confirm", code: app.code() })
  const both = await Promise.all([post(), post()])
  expect(both.filter(visit => codesOn(visit.body).length === 10)).toHaveLength(1)
  expect(await db().recoveryCode.count()).toBe(10)
})

test("[S8] nobody reads or changes it for another, and a guest is led to sign-in", async () => {
  const world = await open()
  await withTwoFactor(world.cast.bob.id)
  const alice = await signedIn(world, "alice")
  expect((await alice.get(codesPage)).location).toBe(page)
  await alice.post(page, { intent: "off" })
  await alice.post(codesPage)
  expect(await db().totp.count()).toBe(1)
  const guest = world.browser()
  for (const path of [page, codesPage]) expect((await guest.get(path)).location).toMatch(/^\/login/)
})

test("[S8] the key to type stands whole on the page, and an empty code is asked for, not called wrong", async () => {
  const world = await open()
  const bob = await signedIn(world)
  await bob.post(page, { intent: "begin" })
  const { body } = await bob.get(page)
  // A field of one line cuts it off on a phone.
  expect(body).not.toMatch(/<input[^>]*value="(?:[A-Z2-7]{4} ?){8}"/)
  expect(body).toMatch(/<code[^>]*break-words[^>]*>(?:[A-Z2-7]{4} ?){8}</)
  const empty = await bob.post(page, { intent: "confirm", code: "  " })
  expect(empty.status).toBe(400)
  expect(empty.body).toContain("Enter the code.")
  expect(empty.body).not.toContain("does not fit")
})
