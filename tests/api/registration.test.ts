import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { minutes } from "../support/clock"
import { call, codeOf, mailed, whoseToken } from "../support/mailed-program"
import { givePassword, goodPassword, otherPassword } from "../support/passwords"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()
const path = "/api/auth/register"
const verify = "/api/auth/verify"
const email = "nell@new.test"

const register = (w: World, more = {}) => mailed(w, email, { path, ...chosen, ...more })
const chosen = { name: "Nell New", password: goodPassword }

const passwordSignIn = (w: World, password: string, address = email) =>
  call(w.browser(), "/api/auth/login", { email: address, password })

test("[S6] registering has a link mailed; used with its request, name and password count", async () => {
  const w = await world()
  const browser = w.browser()
  const asked = await call(browser, path, { ...chosen, email: "Nell@New.test", redirectTo: "/pricing" })
  expect([asked.status, asked.json]).toEqual([202, { status: "link_sent", request: expect.any(String) }])
  expect(asked.setCookies).toEqual([])
  expect(await db().user.count({ where: { email } })).toBe(0)
  await w.settle()
  expect(w.mailbox.messages()).toHaveLength(1)
  const token = new URL(w.mailbox.latestTo(email).link ?? "").searchParams.get("token")
  const entered = await call(browser, verify, { token, request: asked.json.request })
  expect(entered.json).toMatchObject({
    status: "signed_in",
    user: { email, name: "Nell New" },
    organization: null,
    redirectTo: "/pricing",
    registration: "kept",
  })
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  expect(await db().user.findUniqueOrThrow({ where: { email } })).toMatchObject({
    name: "Nell New",
    emailTyped: "Nell@New.test",
    provenAt: expect.any(Date),
  })
  expect((await passwordSignIn(w, goodPassword)).status).toBe(200)
  expect(await db().registration.count()).toBe(0)
})

test("[S6] the code of the mail counts as the link does", async () => {
  const w = await world()
  const { request, code } = await register(w)
  expect((await call(w.browser(), verify, { request, code })).json.registration).toBe("kept")
  expect((await passwordSignIn(w, goodPassword)).status).toBe(200)
})

test("[S7] without its request, or with another's, the password is dropped, and that is said", async () => {
  const w = await world()
  const other = await mailed(w, "bob@acme.test")
  for (const [i, request] of [undefined, other.request].entries()) {
    const address = `nell${i}@new.test`
    const { token } = await mailed(w, address, { path, ...chosen, name: "Mallory" })
    const entered = await call(w.browser(), verify, { token, request })
    expect(entered.json).toMatchObject({ status: "signed_in", registration: "elsewhere", user: { name: "" } })
    expect(codeOf(await passwordSignIn(w, goodPassword, address))).toEqual([401, "wrong_credentials"])
  }
  expect(await db().registration.count()).toBe(0)
})

test("[S7] used on the page, in a browser that did not ask, the password is dropped", async () => {
  const w = await world()
  const { token } = await register(w)
  const owner = w.browser()
  expect((await owner.post(`/login/link?token=${token}`, { token })).status).toBe(303)
  expect(await whoIs(owner)).toBe(email)
  expect(codeOf(await passwordSignIn(w, goodPassword))).toEqual([401, "wrong_credentials"])
})

test("[S7] registering with an address that has an account changes nothing of it", async () => {
  const w = await world()
  await givePassword(w.cast.bob, otherPassword)
  const { token, request } = await mailed(w, "bob@acme.test", { path, ...chosen })
  const entered = await call(w.browser(), verify, { token, request })
  expect(entered.json).toMatchObject({ registration: "has_account", user: { name: "Bob Berger" } })
  expect((await passwordSignIn(w, otherPassword, "bob@acme.test")).status).toBe(200)
  expect(codeOf(await passwordSignIn(w, goodPassword, "bob@acme.test"))).toEqual([401, "wrong_credentials"])
})

test("[S6] asked again with the earlier request, the later password counts, whichever mail is used", async () => {
  const w = await world()
  const first = await register(w, { password: otherPassword })
  const second = await register(w, { request: first.request })
  expect(second.request).toBe(first.request)
  const entered = await call(w.browser(), verify, { token: first.token, request: first.request })
  expect(entered.json.registration).toBe("kept")
  expect((await passwordSignIn(w, goodPassword)).status).toBe(200)
})

test("[L11] known, unknown and disabled addresses get the same answer", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited" })
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const answers = []
  for (const address of ["alice@acme.test", "fresh@acme.test", "bob@acme.test"]) {
    const { status, json, headers, setCookies } = await call(w.browser(), path, { ...chosen, email: address })
    const shape = json.request.replace(/^[\w-]{43}\.[\w-]+$/, "mark.address")
    answers.push({ status, keys: Object.keys(json), shape, headers: [...headers.keys()], setCookies })
  }
  expect(answers[0]).toMatchObject({ status: 202, shape: "mark.address" })
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(await db().registration.count()).toBe(3)
  await w.settle()
  expect(
    w.mailbox
      .messages()
      .map(mail => `${mail.to}: ${mail.subject}`)
      .sort(),
  ).toEqual([
    "alice@acme.test: Sign in to Gatehouse",
    "fresh@acme.test: No Gatehouse account with this address",
  ])
})

test("[S6] mistakes are said by field, and nothing is asked for", async () => {
  const w = await world()
  for (const [wrong, field] of [
    [{ password: "short" }, "password"],
    [{ password: "password1" }, "password"],
    [{ password: "Nell New" }, "password"],
    [{ password: undefined }, "password"],
    [{ name: "  " }, "name"],
    [{ name: undefined }, "name"],
    [{ email: "nell" }, "email"],
  ] as const) {
    const refused = await call(w.browser(), path, { ...chosen, email, ...wrong })
    expect(codeOf(refused), JSON.stringify(wrong)).toEqual([400, "invalid_input"])
    expect(Object.keys(refused.json.error.fields)).toEqual([field])
  }
  expect(await db().job.count()).toBe(0)
  expect(await db().registration.count()).toBe(0)
})

test("[S6] registrations are limited with the pages' own count", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  for (let i = 0; i < 5; i++)
    expect((await call(w.browser(), path, { ...chosen, email: `p${i}@new.test` })).status).toBe(202)
  const refused = await call(w.browser(), path, { ...chosen, email: "p6@new.test" })
  expect(codeOf(refused)).toEqual([429, "too_many_requests"])
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0)
  w.clock.advance(minutes(11))
  expect((await call(w.browser(), path, { ...chosen, email: "p7@new.test" })).status).toBe(202)
})

test("[S6] without passwords nobody registers with one", async () => {
  const w = await world()
  w.settings({ PASSWORDS: "off" })
  expect(codeOf(await call(w.browser(), path, { ...chosen, email }))).toEqual([403, "passwords_off"])
})

test("[S2] someone signed in on the pages of the same jar stays who they are", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const { token, request } = await register(w, { browser })
  expect((await call(browser, verify, { token, request })).json.user.email).toBe(email)
  expect(await whoIs(browser)).toBe("bob@acme.test")
})
