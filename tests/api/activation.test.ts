import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { days, minutes } from "../support/clock"
import { call, codeOf, whoseToken } from "../support/mailed-program"
import { goodPassword } from "../support/passwords"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn, whoIs } from "../support/world"

const world = setUpBillingWorld()
const dora = "dora@example.test"
const activate = "/api/auth/activate"
const resend = "/api/auth/resend-activation"
const refresh = "/api/auth/magic-link/refresh"

const tokenOf = (w: BillingWorld, email = dora) =>
  new URL(w.mailbox.latestTo(email).link ?? "").searchParams.get("token") ?? ""

/** Somebody new has paid; the token of the mail they got. */
async function bought(w: BillingWorld, browser: Browser = w.browser()): Promise<string> {
  await w.purchase(browser)
  await w.arrive()
  return tokenOf(w)
}

const read = (w: BillingWorld, token: string) =>
  call(w.browser(), `${activate}?token=${encodeURIComponent(token)}`)

test("[B3] a link is read without spending it, and activates once, with tokens", async () => {
  const w = await world()
  const token = await bought(w)
  for (let i = 0; i < 3; i++) {
    const { status, json, setCookies } = await read(w, token)
    expect([status, setCookies]).toEqual([200, []])
    expect(json).toEqual({
      organizationName: "Dora & Daughters",
      maskedEmail: "d•••@e•••.test",
      name: "",
      asksPassword: false,
    })
  }
  expect((await call(w.browser(), `/api/auth/magic-link/verify/${token}`)).json).toMatchObject({
    state: "open",
    purpose: "activation",
    redirectTo: "/onboarding?org=dora-and-daughters",
  })
  const browser = w.browser()
  const entered = await call(browser, activate, { token, name: "Dora Dix" })
  expect(entered.status).toBe(200)
  expect(entered.json).toMatchObject({
    status: "signed_in",
    user: { email: dora, name: "Dora Dix" },
    organization: { slug: "dora-and-daughters", role: "owner" },
    redirectTo: "/onboarding?org=dora-and-daughters",
  })
  expect(await whoseToken(w, entered.json.accessToken)).toBe(dora)
  expect(browser.cookies.has("gatehouse")).toBe(false)
  expect(codeOf(await call(w.browser(), activate, { token, name: "Eve" }))).toEqual([410, "link_used"])
  expect(codeOf(await read(w, token))).toEqual([410, "link_used"])
  expect(JSON.stringify([w.log.records, await db().securityEvent.findMany()])).not.toContain(token)
  await w.settle()
  expect((await db().mail.findMany({ orderBy: { id: "asc" } })).map(mail => mail.template)).toEqual([
    "activation",
    "welcome",
  ])
})

test("[L6] two activations at once sign in once", async () => {
  const w = await world()
  const token = await bought(w)
  const answers = await Promise.all(["One", "Two"].map(name => call(w.browser(), activate, { token, name })))
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 410])
  expect(await db().session.count()).toBe(1)
})

test("[L6] without a name, or shut out, nothing is spent", async () => {
  const w = await world()
  const token = await bought(w)
  for (const body of [{ token }, { token, name: "  " }, { token, name: 1 }, { name: "Dora" }])
    expect(codeOf(await call(w.browser(), activate, body))).toEqual([400, "invalid_input"])
  await db().user.update({ where: { email: dora }, data: { disabledAt: new Date() } })
  expect(codeOf(await call(w.browser(), activate, { token, name: "Dora" }))).toEqual([
    403,
    "account_disabled",
  ])
  await db().user.update({ where: { email: dora }, data: { disabledAt: null } })
  expect((await call(w.browser(), activate, { token, name: "Dora" })).status).toBe(200)
})

test("[B3] where everyone has a password, it is asked for and looked at", async () => {
  const w = await world()
  w.settings({ PASSWORDS: "required" })
  const token = await bought(w)
  expect((await read(w, token)).json.asksPassword).toBe(true)
  for (const password of [undefined, "short", "password1"]) {
    const refused = await call(w.browser(), activate, { token, name: "Dora", password })
    expect(codeOf(refused)).toEqual([400, "invalid_input"])
    expect(Object.keys(refused.json.error.fields)).toEqual(["password"])
  }
  expect((await call(w.browser(), activate, { token, name: "Dora", password: goodPassword })).status).toBe(
    200,
  )
  const login = await call(w.browser(), "/api/auth/login", { email: dora, password: goodPassword })
  expect(login.json.user.name).toBe("Dora")
})

test("[S7] a password that nobody asked for is refused, not dropped in silence, and the link stays good", async () => {
  const w = await world()
  const token = await bought(w)
  for (const passwords of ["optional", "off"]) {
    w.settings({ PASSWORDS: passwords })
    for (const password of ["abc", goodPassword]) {
      const refused = await call(w.browser(), activate, { token, name: "Dora", password })
      expect(codeOf(refused), passwords).toEqual([400, "invalid_input"])
      expect(Object.keys(refused.json.error.fields)).toEqual(["password"])
    }
  }
  expect([await db().session.count(), await db().password.count()]).toEqual([0, 0])
  expect((await call(w.browser(), activate, { token, name: "Dora" })).status).toBe(200)
  const late = await call(w.browser(), activate, { token, name: "Dora", password: goodPassword })
  expect(codeOf(late)).toEqual([410, "link_used"])
})

test("[L8] an activation link is good for nothing else, and no other link activates", async () => {
  const w = await world()
  const token = await bought(w)
  expect(codeOf(await call(w.browser(), "/api/auth/verify", { token }))).toEqual([409, "link_purpose"])
  const astray = await call(w.browser(), `/api/auth/magic-link/verify/${token}`, { password: goodPassword })
  expect(codeOf(astray)).toEqual([409, "link_purpose"])
  expect(astray.json.error.message).toContain(activate)
  for (const other of ["x".repeat(43), "", "x"]) {
    expect(codeOf(await read(w, other))).toEqual([400, "link_invalid"])
    if (other)
      expect(codeOf(await call(w.browser(), activate, { token: other, name: "Eve" }))).toEqual([
        400,
        "link_invalid",
      ])
  }
  expect(await db().session.count()).toBe(0)
  expect((await call(w.browser(), activate, { token, name: "Dora" })).status).toBe(200)
})

test("[L7] expired: a fresh one to the same mailbox, once, and it works", async () => {
  const w = await world()
  const token = await bought(w)
  w.clock.advance(days(4))
  expect(codeOf(await read(w, token))).toEqual([410, "link_expired"])
  expect(codeOf(await call(w.browser(), activate, { token, name: "Dora" }))).toEqual([410, "link_expired"])
  const asked = await call(w.browser(), refresh, { token })
  expect([asked.status, asked.json]).toEqual([202, { status: "link_sent" }])
  await w.settle()
  w.clock.advance(minutes(2))
  expect(codeOf(await call(w.browser(), refresh, { token }))).toEqual([409, "link_renewed"])
  await w.settle()
  const fresh = tokenOf(w)
  expect(fresh).not.toBe(token)
  expect((await call(w.browser(), activate, { token: fresh, name: "Dora" })).status).toBe(200)
  expect(await db().mail.count({ where: { template: "activation" } })).toBe(2)
})

test("[B3] re-send really sends, by both addresses, and says the same for everybody", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  const token = await bought(w)
  const answers = []
  for (const [path, more] of [
    [resend, {}],
    ["/api/auth/magic-link/generate", { purpose: "activation" }],
  ] as const) {
    w.clock.advance(minutes(5))
    for (const email of [dora, "nobody@example.test", "alice@acme.test"]) {
      const { status, json, setCookies } = await call(w.browser(), path, { email, ...more })
      answers.push([status, json, setCookies])
    }
    await w.settle()
  }
  for (const answer of answers) expect(answer).toEqual([202, { status: "link_sent" }, []])
  expect(await db().mail.count({ where: { template: "activation", recipient: dora } })).toBe(3)
  expect(await db().mail.count({ where: { recipient: { not: dora } } })).toBe(0)
  const fresh = tokenOf(w)
  expect(fresh).not.toBe(token)
  expect((await call(w.browser(), activate, { token: fresh, name: "Dora" })).status).toBe(200)
  expect(codeOf(await call(w.browser(), activate, { token, name: "Eve" }))).toEqual([410, "link_used"])
})

test("[B3] re-send keeps within the limits, and wants an address", async () => {
  const w = await world()
  await bought(w)
  expect((await call(w.browser(), resend, { email: dora })).status).toBe(202)
  const again = await call(w.browser(), resend, { email: "D.ora+x@example.test" })
  expect(codeOf(again)).toEqual([429, "too_many_requests"])
  expect(Number(again.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect(codeOf(await call(w.browser(), resend, { email: "dora" }))).toEqual([400, "invalid_input"])
})

test("[B3] an existing person who bought signs in with the link of the mail", async () => {
  const w = await world()
  await w.purchase(w.browser(), { email: "charlie@birch.test", businessName: "Cedar" })
  await w.arrive()
  const token = tokenOf(w, "charlie@birch.test")
  expect((await call(w.browser(), `/api/auth/magic-link/verify/${token}`)).json.purpose).toBe(
    "purchase_access",
  )
  const entered = await call(w.browser(), "/api/auth/verify", { token })
  expect(entered.json).toMatchObject({
    user: { email: "charlie@birch.test" },
    redirectTo: "/onboarding?org=cedar",
  })
})

test("[S2] someone signed in on the pages of the same jar stays who they are", async () => {
  const w = await world()
  const token = await bought(w)
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  expect((await call(browser, activate, { token, name: "Dora" })).json.user.email).toBe(dora)
  expect(await whoIs(browser)).toBe("bob@acme.test")
})
