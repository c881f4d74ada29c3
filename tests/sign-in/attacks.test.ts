import { expect, test } from "vitest"
import { signInWithCode } from "~/domain/sign-in/codes.server"
import { makeSetupLink } from "~/domain/sign-in/operator-setup.server"
import { networkKey } from "~/platform/client-key.server"
import { defineClientLimit } from "~/platform/client-limit.server"
import { db } from "~/platform/db.server"
import { hiddenField } from "../support/browser"
import { minutes } from "../support/clock"
import { askForLink, confirm, mailedLink, setUpWorld, signIn, whoIs } from "../support/world"

const world = setUpWorld()
/** The element of the page's script that sends the form; a page for elsewhere has a button only. */
const submitsItself = /<span hidden=""><\/span>/
const mallory = "mallory@evil.test"
const iPhone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"

test("[L2] an expired link that renews itself in a victim's browser does not make it the browser that asked", async () => {
  const w = await world()
  const victim = w.browser()
  const { link } = await mailedLink(w, w.browser(), mallory)
  w.clock.advance(minutes(16))
  const page = await victim.get(link)
  await victim.post("/login/renewal", { handle: hiddenField(page.body, "handle") })
  await w.settle()
  const fresh = w.mailbox.latestTo(mallory)
  const opened = await victim.get(victim.inside(fresh.link))
  expect(opened.body).toContain("Sign in as m•••@e•••.test")
  const asked = w.browser()
  const own = await mailedLink(w, asked, "alice@acme.test")
  expect((await asked.get(own.link)).body).toMatch(submitsItself)
  expect(opened.body).not.toMatch(submitsItself)
})

test("[L2] a browser that waits for another mail is not the one that asked for this link", async () => {
  const w = await world()
  const waiting = w.browser()
  await askForLink(w, waiting, "bob@acme.test")
  const asked = w.browser()
  const { link } = await mailedLink(w, asked, "alice@acme.test")
  expect((await asked.get(link)).body).toMatch(submitsItself)
  expect((await waiting.get(link)).body).not.toMatch(submitsItself)
})

test("[L4] one cookie cannot gather the codes of several addresses", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  const browser = w.browser()
  await askForLink(w, browser, "alice@acme.test")
  const random = browser.cookies.get("gatehouse-request")?.split(".")[0] ?? ""
  browser.cookies.set("gatehouse-request", `${random}.${Buffer.from("bob@acme.test").toString("base64url")}`)
  await askForLink(w, browser, "bob@acme.test")
  await w.settle()
  const hashes = await db().link.findMany({ select: { requestHash: true } })
  expect(new Set(hashes.map(row => row.requestHash)).size).toBe(2)
})

test("[L5] what no code looks like is no try at one", async () => {
  const w = await world()
  const browser = w.browser()
  const { code } = await mailedLink(w, browser, "alice@acme.test")
  const requestToken = browser.cookies.get("gatehouse-request") ?? ""
  const requester = { clientAddress: "127.0.0.1", userAgent: "" }
  for (const typed of ["12", "!!!!!!", "1234567", ""]) {
    expect(await signInWithCode(typed, { requester, requestToken })).toEqual({
      ok: false,
      error: "malformed",
    })
  }
  expect((await db().link.findFirstOrThrow()).wrongCodes).toBe(0)
  expect((await signInWithCode(code, { requester, requestToken })).ok).toBe(true)
})

test("[L16] one IPv6 network cannot fill the buckets of everybody else", async () => {
  const limit = defineClientLimit({ name: "tests-network", points: () => 10, seconds: 900, penalty: true })
  expect(networkKey("2001:db8:1:ffff::1")).toBe(networkKey("2001:db8:1:1::9"))
  let passed = 0
  for (let host = 0; host < 2000; host++) {
    for (let i = 0; i < 11; i++)
      if ((await limit.consume(`2001:db8:1:${host.toString(16)}::1`)).ok) passed += 1
  }
  expect(passed).toBeLessThanOrEqual(160)
  let refused = 0
  for (let host = 0; host < 2000; host++)
    if (!(await limit.consume(`198.51.${host >> 8}.${host & 255}`)).ok) refused += 1
  expect(refused).toBeLessThan(10)
})

test("[L16] links to made-up addresses use half of the mail budget at most", async () => {
  const w = await world()
  w.settings({ MAIL_BUDGET_PER_HOUR: "4", LIMIT_LINKS_PER_CLIENT: "100" })
  for (let i = 0; i < 6; i++) await askForLink(w, w.browser(), `made-up-${i}@nowhere.test`)
  await askForLink(w, w.browser(), "alice@acme.test")
  await w.settle()
  expect(w.mailbox.messages("alice@acme.test")).toHaveLength(1)
  expect(w.mailbox.messages()).toHaveLength(3)
})

test("[L16] ten requests of one office that led to sign-ins count for nothing", async () => {
  const w = await world()
  for (let i = 0; i < 12; i++) await signIn(w, w.browser(), `p${i}@acme.test`)
  expect((await askForLink(w, w.browser(), "p12@acme.test")).status).toBe(303)
})

test("[L16] who waits for a mail is led back to where its code goes", async () => {
  const w = await world()
  const browser = w.browser()
  await askForLink(w, browser, "alice@acme.test")
  const again = await askForLink(w, browser, "alice@acme.test")
  expect(again.status).toBe(429)
  expect(again.body).toContain('href="/login/sent"')
})

test("[L21] whoever opens a link elsewhere can have a fresh mail for that browser, whatever strangers asked for", async () => {
  const w = await world()
  w.settings({ SIGN_IN_CODE_ELSEWHERE: "on", LIMIT_LINKS_PER_ADDRESS_HOUR: "1" })
  const { link } = await mailedLink(w, w.browser(), "alice@acme.test")
  await db().link.updateMany({ data: { clientAddress: "203.0.113.7" } })
  const phone = w.browser(iPhone)
  const refused = await confirm(phone, link)
  expect((await phone.post("/login/renewal", { handle: hiddenField(refused.body, "handle") })).status).toBe(
    303,
  )
  await w.settle()
  const { code } = w.mailbox.latestTo("alice@acme.test")
  expect((await phone.post("/login/sent", { code })).status).toBe(303)
  expect(await whoIs(phone)).toBe("alice@acme.test")
})

test("[S7] who held a session on an unproven address is out when its operator is set up", async () => {
  const w = await world()
  await db().user.deleteMany({ where: { isOperator: true } })
  const squatter = w.browser()
  await signIn(w, squatter, "boss@host.test")
  await db().user.updateMany({ where: { email: "boss@host.test" }, data: { provenAt: null } })
  const token = new URL((await makeSetupLink()) ?? "").searchParams.get("token") ?? ""
  await w.browser().post("/setup", { token, name: "Boss", email: "boss@host.test" })
  expect(await whoIs(squatter)).toBeUndefined()
})

test("[S16] dot segments and bodies that are no form end in a plain refusal", async () => {
  const w = await world()
  w.settings({})
  const raw = (path: string, body: string, type: string) =>
    fetch(w.url + path, { method: "POST", body, headers: { "Content-Type": type, Origin: w.url } }).then(
      r => r.status,
    )
  for (const type of ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]) {
    for (const path of ["/login", "/logout", "/theme"])
      expect(await raw(path, "nonsense", type), path + type).toBe(400)
  }
  expect(
    await raw(
      "/login",
      "__intent__=%7B%22type%22&__state__=%7Bbad&email=x",
      "application/x-www-form-urlencoded",
    ),
  ).toBe(400)
})
