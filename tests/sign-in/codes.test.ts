import { expect, test } from "vitest"
import { closeDatabase, db, openDatabase } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { confirm, mailedLink, setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"
const wrong = "ZZZZZZ"

async function asked(w: World) {
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "100" })
  const browser = w.browser()
  return { browser, ...(await mailedLink(w, browser, email)) }
}

test("[L4] the code signs in, in the browser that asked, and spends the link", async () => {
  const w = await world()
  const { browser, code, link } = await asked(w)
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/)
  expect((await browser.post("/login/sent", { code })).status).toBe(303)
  expect(await whoIs(browser)).toBe(email)
  expect((await confirm(w.browser(), link)).status).toBe(410)
})

test("[L4] the code is worthless in a browser that did not ask", async () => {
  const w = await world()
  const { browser, code } = await asked(w)
  const stranger = w.browser()
  expect((await stranger.post("/login/sent", { code })).location).toBe("/login")
  await mailedLink(w, stranger, "charlie@birch.test")
  const tried = await stranger.post("/login/sent", { code })
  expect(tried.status).toBe(400)
  expect(await whoIs(stranger)).toBeUndefined()
  expect((await browser.post("/login/sent", { code })).status).toBe(303)
})

test("[L4] it is forgiving of spaces, dashes, lower case and look-alikes", async () => {
  const w = await world()
  const { browser, code } = await asked(w)
  const typed = ` ${code.slice(0, 2)}-${code.slice(2)} `
    .toLowerCase()
    .replaceAll("0", "o")
    .replaceAll("1", "l")
  expect((await browser.post("/login/sent", { code: typed })).status).toBe(303)
})

test("[L4] the field is marked as a one-time code", async () => {
  const w = await world()
  const { browser } = await asked(w)
  expect((await browser.get("/login/sent")).body).toContain('autoComplete="one-time-code"')
})

test("[L4] a link that was spent spends its code", async () => {
  const w = await world()
  const { browser, code, link } = await asked(w)
  await confirm(w.browser(), link)
  const late = await browser.post("/login/sent", { code })
  expect(late.status).toBe(400)
  expect(late.body).toContain("used already")
})

test("[L11] a wrong code is told alike before a use, after it, and for an address nobody has", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_CHECKS_PER_CLIENT: "100" })
  const words = async (browser: Browser, code = wrong) => {
    const { status, body } = await browser.post("/login/sent", { code })
    expect(status).toBe(400)
    return ["used already", "wrong, or has expired", "Too many wrong codes"].filter(said =>
      body.includes(said),
    )
  }
  const stranger = w.browser()
  await stranger.post("/login", { email: "nobody@acme.test" })
  const told = []
  for (let i = 0; i < 8; i++) told.push(await words(stranger))
  const { browser, link, code } = await asked(w)
  const after = []
  for (let i = 0; i < 3; i++) after.push(await words(browser))
  await confirm(w.browser(), link)
  for (let i = 3; i < 8; i++) after.push(await words(browser))
  expect(after).toEqual(told)
  expect(told.flat()).not.toContain("used already")
  expect(await words(browser, code)).toEqual(["used already"])
  expect(await db().session.count()).toBe(1)
})

test("[L5] six wrong codes void the code and not the link", async () => {
  const w = await world()
  const { browser, code, link } = await asked(w)
  for (let i = 0; i < 6; i++) expect((await browser.post("/login/sent", { code: wrong })).status).toBe(400)
  const right = await browser.post("/login/sent", { code })
  expect(right.status).toBe(400)
  expect(right.body).toContain("Too many wrong codes")
  expect((await confirm(browser, link)).status).toBe(303)
})

test("[L5] the count survives a restart", async () => {
  const w = await world()
  const { browser, code } = await asked(w)
  for (let i = 0; i < 5; i++) await browser.post("/login/sent", { code: wrong })
  await closeDatabase()
  await openDatabase(w.database.file)
  expect((await browser.post("/login/sent", { code: wrong })).body).toContain("Too many wrong codes")
  expect((await browser.post("/login/sent", { code })).status).toBe(400)
})

test("[L5] fifty guesses at once are counted as fifty", async () => {
  const w = await world()
  const { browser, code } = await asked(w)
  await Promise.all(Array.from({ length: 50 }, () => browser.post("/login/sent", { code: wrong })))
  expect((await db().link.findFirstOrThrow()).codeVoidedAt).not.toBeNull()
  expect((await browser.post("/login/sent", { code })).status).toBe(400)
})

test("[L6] link and code at once sign in once", async () => {
  const w = await world()
  const { browser, code, link } = await asked(w)
  const answers = await Promise.all([confirm(w.browser(), link), browser.post("/login/sent", { code })])
  expect(answers.filter(a => a.status === 303)).toHaveLength(1)
  expect(await db().session.count()).toBe(1)
})
