import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { purgeLinks } from "~/domain/links/purge.server"
import { insideOnly } from "~/http/redirects.server"
import { jobDefinitions } from "~/jobs.server"
import { db } from "~/platform/db.server"
import { days, hours } from "../support/clock"
import { askForLink, confirm, mailedLink, setUpWorld, signIn, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"
const iPhone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"

test("[L9] a copy of the database holds no usable token, code or session", async () => {
  const w = await world()
  const browser = w.browser()
  const { token, code, link } = await mailedLink(w, browser, email)
  const request = browser.cookies.get("gatehouse-request")?.split(".")[0] ?? ""
  const before =
    readFileSync(w.database.file).toString("latin1") +
    readFileSync(`${w.database.file}-wal`).toString("latin1")
  await confirm(browser, link)
  const session = browser.cookies.get("gatehouse") ?? ""
  const after =
    readFileSync(w.database.file).toString("latin1") +
    readFileSync(`${w.database.file}-wal`).toString("latin1")
  for (const secret of [token, request, session]) {
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(before + after).not.toContain(secret)
  }
  expect(before).not.toContain(code)
  expect(before).toContain(email)
})

test("[L10] no token or code in log, mail log or security events; the page loads nothing from elsewhere and sends no referrer", async () => {
  const w = await world()
  const browser = w.browser()
  const { token, code, link } = await mailedLink(w, browser, email)
  const page = await browser.get(link)
  await browser.post("/login/sent", { code: "ZZZZZZ" })
  await confirm(browser, link)
  await confirm(browser, link)
  const told = JSON.stringify([
    w.log.records,
    await db().mail.findMany(),
    await db().securityEvent.findMany(),
    await db().auditEntry.findMany(),
  ])
  expect(w.log.records.length).toBeGreaterThan(3)
  expect(told).not.toContain(token)
  expect(told).not.toContain(code)
  expect(page.headers.get("Referrer-Policy")).toMatch(/^(no-referrer|same-origin|strict-origin)$/)
  expect(page.headers.get("Content-Security-Policy")).toMatch(/default-src '(none|self)'/)
  const foreign = [...page.body.matchAll(/(?:src|href)="(https?:[^"]+)"/g)]
    .map(m => m[1])
    .filter(url => !url?.startsWith(w.url))
  expect(foreign).toEqual([])
})

test("[L15] redirectTo only ever leads inside", async () => {
  const w = await world()
  for (const evil of [
    "//e",
    "/\\e",
    "/%5Ce",
    "/%255Ce",
    "https://us//e",
    "javascript:alert(1)",
    "/\t/e",
    "/\n/e",
    "/%09/e",
    "/%2Fe",
    "\\\\e",
    "e",
    "",
    "///e",
    "/..//e",
    "/.//e",
  ]) {
    expect(insideOnly(evil), JSON.stringify(evil)).toBeUndefined()
  }
  expect(insideOnly("/o/acme?tab=100%25#top")).toBe("/o/acme?tab=100%25#top")
  const browser = w.browser()
  const { link } = await mailedLink(w, browser, email, "//evil.test")
  expect((await confirm(browser, link)).location).toBe("/start")
})

test("[L19] asked, sent, done and refused are logged", async () => {
  const w = await world()
  const browser = w.browser()
  const { link } = await mailedLink(w, browser, email)
  await confirm(browser, link)
  await confirm(browser, link)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  await askForLink(w, w.browser(), "bob@acme.test")
  await w.settle()
  const lines = w.log.records.map(r => r.msg)
  for (const line of ["link asked for", "mail handled", "sign-in done", "link refused"]) {
    expect(lines).toContain(line)
  }
  const events = await db().securityEvent.findMany({ where: { userId: w.cast.alice.id } })
  expect(events.map(e => `${e.kind} ${e.detail}`)).toEqual(["sign_in link"])
})

test("[L20] expired rows are purged by a schedule, and purging twice changes nothing", async () => {
  const w = await world()
  await mailedLink(w, w.browser(), email)
  expect(await purgeLinks()).toBe(0)
  w.clock.advance(days(31))
  expect(await purgeLinks()).toBe(1)
  expect(await purgeLinks()).toBe(0)
  expect(jobDefinitions.map(d => d.kind)).toContain("mail.send")
})

test("[L21] a link spent from another network and another kind of device is told in the new-device mail", async () => {
  const w = await world()
  w.settings({ TRUSTED_PROXIES: "127.0.0.1" })
  const browser = w.browser()
  await signIn(w, browser, email)
  const { link } = await mailedLink(w, w.browser(), email)
  await db().link.updateMany({ data: { clientAddress: "203.0.113.7" } })
  w.mailbox.clear()
  await confirm(w.browser(iPhone), link)
  await w.settle()
  const mail = w.mailbox.latestTo(email)
  expect(mail.subject).toContain("New sign-in")
  expect(mail.text).toContain("asked for from somewhere else")
  expect(
    await db().securityEvent.count({ where: { kind: "sign_in_elsewhere", userId: w.cast.alice.id } }),
  ).toBe(1)
})

test("[L21] where the operator wants it, such a link asks for the code instead", async () => {
  const w = await world()
  w.settings({ SIGN_IN_CODE_ELSEWHERE: "on" })
  const browser = w.browser()
  const { link, code } = await mailedLink(w, browser, email)
  await db().link.updateMany({ data: { clientAddress: "203.0.113.7" } })
  const phone = w.browser(iPhone)
  const refused = await confirm(phone, link)
  expect(refused.body).toContain("Type the code instead")
  expect(await whoIs(phone)).toBeUndefined()
  expect((await browser.post("/login/sent", { code })).status).toBe(303)
})

test("[S1] a session ends when idle for 30 days and after 90 days, whatever the cookie says", async () => {
  const w = await world()
  const browser = w.browser()
  const answer = await signIn(w, browser, email)
  const cookie = answer.setCookies.find(c => c.startsWith("gatehouse=")) ?? ""
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Lax/)
  const { saveLastSeen } = await import("~/domain/accounts/last-seen.server")
  for (let day = 0; day < 87; day += 29) {
    expect(await whoIs(browser), `day ${day}`).toBe(email)
    await saveLastSeen()
    w.clock.advance(days(29))
  }
  expect(await whoIs(browser)).toBe(email)
  await saveLastSeen()
  w.clock.advance(days(4))
  expect(await whoIs(browser)).toBeUndefined()
  const idle = w.browser()
  await signIn(w, idle, email)
  w.clock.advance(days(30) + hours(1))
  expect(await whoIs(idle)).toBeUndefined()
})

test("[S1] on https the cookie is __Host-, Secure, HttpOnly and Lax", async () => {
  const w = await world()
  w.settings({ APP_URL: "https://gate.example.com", APP_SECRET: "q7Zp0bVnX2mK9sTfYw4uRcE6hJ1aLdG8iOe3" })
  const { sessionCookie } = await import("~/http/session-cookie.server")
  expect(sessionCookie.serialize("x")).toMatch(
    /^__Host-gatehouse=x; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
})

test("[S3] a person sees their devices, ends one, and ends all others", async () => {
  const w = await world()
  const [laptop, phone, tablet] = [w.browser(), w.browser(iPhone), w.browser()]
  for (const browser of [laptop, phone, tablet]) await signIn(w, browser, email)
  const page = await laptop.get("/account/devices")
  expect(page.body).toContain("Firefox on Linux")
  expect(page.body).toContain("Safari on iOS")
  const sessions = await db().session.findMany({
    where: { userId: w.cast.alice.id },
    orderBy: { createdAt: "asc" },
  })
  await laptop.post("/account/devices", { intent: "end", session: sessions[1]?.id ?? "" })
  expect(await whoIs(phone)).toBeUndefined()
  expect(await whoIs(tablet)).toBe(email)
  await laptop.post("/account/devices", { intent: "end-others" })
  expect(await whoIs(tablet)).toBeUndefined()
  expect(await whoIs(laptop)).toBe(email)
})

test("[S3] nobody ends the session of someone else", async () => {
  const w = await world()
  const [alice, charlie] = [w.browser(), w.browser()]
  await signIn(w, alice, email)
  await signIn(w, charlie, "charlie@birch.test")
  const session = await db().session.findFirstOrThrow({ where: { userId: w.cast.alice.id } })
  await charlie.post("/account/devices", { intent: "end", session: session.id })
  expect(await whoIs(alice)).toBe(email)
})

test("[S3] sign-out ends this session, and everywhere ends all", async () => {
  const w = await world()
  const [one, two] = [w.browser(), w.browser()]
  await signIn(w, one, email)
  await signIn(w, two, email)
  const kept = one.cookies.get("gatehouse") ?? ""
  await one.post("/logout")
  one.cookies.set("gatehouse", kept)
  expect(await whoIs(one)).toBeUndefined()
  expect(await whoIs(two)).toBe(email)
  const three = w.browser()
  await signIn(w, three, email)
  await two.post("/logout", { everywhere: "yes" })
  expect(await whoIs(three)).toBeUndefined()
})
