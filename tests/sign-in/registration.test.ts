import { expect, test } from "vitest"
import { purgeRegistrations } from "~/domain/sign-in/registration.server"
import { db } from "~/platform/db.server"
import { type Browser, hiddenField } from "../support/browser"
import { minutes } from "../support/clock"
import { givePassword, goodPassword, otherPassword, typePassword } from "../support/passwords"
import { askForLink, confirm, setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()

type Chosen = { name?: string; email: string; password?: string }

/** Fills in the form as a person does. */
async function register(
  w: World,
  browser: Browser,
  { name = "Nell New", email, password = goodPassword }: Chosen,
) {
  const page = await browser.get("/register")
  w.clock.advance(5_000)
  const made = hiddenField(page.body, "made")
  return browser.post("/register", { name, email, password, website: "", made })
}

async function mailTo(w: World, email: string) {
  await w.settle()
  const mail = w.mailbox.latestTo(email)
  return { link: mail.link ?? "", code: mail.code ?? "" }
}

/** What the next page says, once. */
async function toastOf(browser: Browser, location: string | null): Promise<string> {
  return (await browser.open(location ?? "/start")).body
}

const hasPassword = async (email: string) => (await db().password.count({ where: { user: { email } } })) === 1

test("[S6] registering asks for a link; spent in the same browser, name and password count", async () => {
  const w = await world()
  const browser = w.browser()
  const answer = await register(w, browser, { email: "Nell@New.test" })
  expect([answer.status, answer.location]).toEqual([303, "/login/sent"])
  expect(await db().user.count({ where: { email: "nell@new.test" } })).toBe(0)
  const { link } = await mailTo(w, "nell@new.test")
  const entered = await confirm(browser, browser.inside(link))
  expect(await toastOf(browser, entered.location)).toContain("your password is set")
  const user = await db().user.findUniqueOrThrow({ where: { email: "nell@new.test" } })
  expect([user.name, user.emailTyped]).toEqual(["Nell New", "Nell@New.test"])
  expect(await db().registration.count()).toBe(0)
  const later = w.browser()
  expect((await typePassword(later, "nell@new.test")).status).toBe(303)
  expect(await whoIs(later)).toBe("nell@new.test")
})

test("[S6] the code of the mail counts as the link does", async () => {
  const w = await world()
  const browser = w.browser()
  await register(w, browser, { email: "nell@new.test" })
  const { code } = await mailTo(w, "nell@new.test")
  expect((await browser.post("/login/sent", { code })).status).toBe(303)
  expect(await hasPassword("nell@new.test")).toBe(true)
})

test("[S7] spent in another browser the password is dropped, and that is said", async () => {
  const w = await world()
  await register(w, w.browser(), { email: "nell@new.test", name: "Mallory" })
  const { link } = await mailTo(w, "nell@new.test")
  const owner = w.browser()
  const entered = await confirm(owner, owner.inside(link))
  expect(await toastOf(owner, entered.location)).toContain("Your password was not set")
  expect(await hasPassword("nell@new.test")).toBe(false)
  expect((await db().user.findUniqueOrThrow({ where: { email: "nell@new.test" } })).name).toBe("")
  expect(await db().registration.count()).toBe(0)
  expect((await typePassword(w.browser(), "nell@new.test")).status).toBe(400)
})

test("[S7] registering with an address that has an account changes nothing of it, in any browser", async () => {
  const w = await world()
  await givePassword(w.cast.bob, otherPassword)
  for (const { email, name } of [w.cast.alice, w.cast.bob]) {
    const browser = w.browser()
    await register(w, browser, { email, name: "Somebody Else" })
    w.clock.advance(minutes(1))
    const { link } = await mailTo(w, email)
    const entered = await confirm(browser, browser.inside(link))
    expect(await toastOf(browser, entered.location)).toContain("You had an account already")
    expect((await db().user.findUniqueOrThrow({ where: { email } })).name).toBe(name)
  }
  expect(await hasPassword("alice@acme.test")).toBe(false)
  expect((await typePassword(w.browser(), "bob@acme.test", otherPassword)).status).toBe(303)
  expect((await typePassword(w.browser(), "bob@acme.test", goodPassword)).status).toBe(400)
})

test("[L11] a known, an unknown and a disabled address get the same answer", async () => {
  const w = await world()
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const answers = []
  for (const email of ["alice@acme.test", "fresh@acme.test", "bob@acme.test"]) {
    const browser = w.browser()
    const { status, location, setCookies } = await register(w, browser, { email })
    const cookies = setCookies.map(c => c.replace(/=[\w-]{43}\.[\w-]+;/, "=token.address;"))
    answers.push({ status, location, cookies })
  }
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(await db().registration.count()).toBe(3)
})

test("[L18] SIGN_UP decides whether a registration leads to an account", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited" })
  expect((await w.browser().get("/login")).body).not.toContain("/register")
  const browser = w.browser()
  expect((await register(w, browser, { email: "nell@new.test" })).location).toBe("/login/sent")
  await w.settle()
  expect(w.mailbox.latestTo("nell@new.test").subject).toContain("No Gatehouse account")
  expect(await db().user.count({ where: { email: "nell@new.test" } })).toBe(0)
})

test("[S6] asked again in the same browser, the later password counts, whichever mail is used", async () => {
  const w = await world()
  const browser = w.browser()
  await register(w, browser, { email: "nell@new.test", password: otherPassword })
  const first = await mailTo(w, "nell@new.test")
  w.clock.advance(minutes(2))
  await register(w, browser, { email: "nell@new.test", password: goodPassword })
  await askForLink(w, browser, "nell@new.test")
  await w.settle()
  expect((await confirm(browser, browser.inside(first.link))).status).toBe(303)
  expect((await typePassword(w.browser(), "nell@new.test", goodPassword)).status).toBe(303)
})

test("[S7] an account somebody made on this address before is taken over whole, its password gone", async () => {
  const w = await world()
  const before = await db().user.create({
    data: {
      id: "before",
      email: "nell@new.test",
      emailTyped: "nell@new.test",
      createdAt: new Date(),
      updatedAt: new Date(),
    },
  })
  await givePassword(before, otherPassword)
  const intruder = w.browser()
  expect((await typePassword(intruder, "nell@new.test", otherPassword)).status).toBe(303)
  const owner = w.browser()
  await register(w, owner, { email: "nell@new.test" })
  const { link } = await mailTo(w, "nell@new.test")
  await confirm(owner, owner.inside(link))
  expect(await whoIs(intruder)).toBeUndefined()
  expect((await typePassword(w.browser(), "nell@new.test", otherPassword)).status).toBe(400)
  expect((await typePassword(w.browser(), "nell@new.test", goodPassword)).status).toBe(303)
})

test("[S7] a sign-in by link strips a password that was set before the mailbox was proven", async () => {
  const w = await world()
  const { id } = w.cast.bob
  await db().user.update({ where: { id }, data: { provenAt: null } })
  await givePassword(w.cast.bob)
  await signIn(w, w.browser(), "bob@acme.test")
  expect(await hasPassword("bob@acme.test")).toBe(false)
})

test("[S6] mistakes are said at their fields, and the page keeps all but the password", async () => {
  const w = await world()
  const page = await register(w, w.browser(), { name: "Nell", email: "nell@new.test", password: "password1" })
  expect(page.status).toBe(400)
  expect(page.body).toContain("passwords that are tried first")
  expect(page.body).toContain('value="nell@new.test"')
  expect(page.body).not.toContain("password1")
  expect(await db().job.count()).toBe(0)
})

test("[S6] five registrations per client in ten minutes; a password that was refused is none", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  for (let i = 0; i < 7; i++)
    expect((await register(w, w.browser(), { email: `p${i}@new.test`, password: "short" })).status).toBe(400)
  for (let i = 0; i < 5; i++)
    expect((await register(w, w.browser(), { email: `p${i}@new.test` })).status).toBe(303)
  expect((await register(w, w.browser(), { email: "p6@new.test" })).status).toBe(429)
  w.clock.advance(minutes(11))
  expect((await register(w, w.browser(), { email: "p7@new.test" })).status).toBe(303)
})

test("[L9] the password stands in no mail and no job, and a registration nobody proves is purged", async () => {
  const w = await world()
  await register(w, w.browser(), { email: "nell@new.test" })
  await w.settle()
  const kept = JSON.stringify([
    await db().mail.findMany(),
    await db().job.findMany(),
    await db().link.findMany(),
  ])
  expect(kept).not.toContain("argon2")
  expect(kept).not.toContain(goodPassword)
  expect(JSON.stringify(await db().registration.findMany())).not.toMatch(/lanterns|nell@/)
  expect(await purgeRegistrations()).toBe(0)
  w.clock.advance(minutes(16))
  expect(await purgeRegistrations()).toBe(1)
})

test("[L21] a bot sees the same page, and nothing is kept", async () => {
  const w = await world()
  const browser = w.browser()
  const answer = await browser.post("/register", {
    name: "Bot",
    email: "nell@new.test",
    password: goodPassword,
    website: "http://spam.test",
  })
  expect([answer.status, answer.location]).toEqual([303, "/login/sent"])
  expect(await db().registration.count()).toBe(0)
  expect(await db().job.count()).toBe(0)
})
