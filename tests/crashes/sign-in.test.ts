import { expect, test } from "vitest"
import { type House, setUpHouse } from "./house"
import { askForLink, cutOff, press, whoIs } from "./visitor"

const house = setUpHouse()
const email = "alice@acme.test"

async function mailedLink(h: House, browser = h.browser()): Promise<{ link: string; code: string }> {
  await askForLink(browser, email)
  return h.mailbox.waitFor(email, undefined, 15_000)
}

const sessions = (h: House) => h.count("Session")

test("[L11] killed once a request is stored, the mail still comes, once", async () => {
  const h = await house({ crashAt: "sign-in.request-stored" })
  const browser = h.browser()
  expect(await cutOff(askForLink(browser, email))).toBe(true)
  await h.died()
  expect(h.rows("SELECT kind FROM Job")).toEqual([{ kind: "sign-in.request" }])
  expect(h.mailbox.messages()).toEqual([])
  await h.start()
  await h.settled()
  expect(h.mailbox.messages(email)).toHaveLength(1)
  expect((await press(browser, h.mailbox.latestTo(email).link)).status).toBe(303)
  expect(await whoIs(browser)).toBe(email)
})

test("[M1] killed between SMTP's 250 and the mark, the mail comes twice and both links and codes sign in once", async () => {
  const h = await house({ crashAt: "mail.accepted" })
  const browser = h.browser()
  const first = await mailedLink(h, browser)
  await h.died()
  expect(h.rows("SELECT state FROM Mail")).toEqual([{ state: "queued" }])
  await h.start()
  await h.settled()
  expect(h.rows("SELECT state FROM Mail")).toEqual([{ state: "sent" }])
  const [one, two, ...more] = h.mailbox.messages(email)
  expect([one?.link, more]).toEqual([first.link, []])
  expect(two?.link).not.toBe(first.link)
  const answers = await Promise.all([
    press(h.browser(), first.link),
    press(h.browser(), two?.link ?? ""),
    browser.post("/login/sent", { code: first.code }),
    browser.post("/login/sent", { code: two?.code ?? "" }),
  ])
  expect(answers.filter(answer => answer.status === 303)).toHaveLength(1)
  expect(sessions(h)).toBe(1)
})

test("[L7] of a mail that came twice, the second link takes the person signed in by the first on", async () => {
  const h = await house({ crashAt: "mail.accepted" })
  await mailedLink(h)
  await h.died()
  await h.start()
  await h.settled()
  const [one, two] = h.mailbox.messages(email)
  const browser = h.browser()
  expect((await press(browser, one?.link ?? "")).status).toBe(303)
  expect((await browser.get(browser.inside(two?.link ?? ""))).status).toBe(302)
  expect((await h.browser().get(browser.inside(two?.link ?? ""))).status).toBe(410)
})

test("[L6] killed before the commit of a sign-in, the link is as good as before", async () => {
  const h = await house({ crashAt: "sign-in.before-commit" })
  const browser = h.browser()
  const { link } = await mailedLink(h, browser)
  await h.settled()
  expect(await cutOff(press(browser, link))).toBe(true)
  await h.died()
  expect([sessions(h), h.count("User")]).toEqual([0, 0])
  expect(h.rows("SELECT usedAt FROM Link WHERE purpose = 'sign_in'")).toEqual([{ usedAt: null }])
  await h.start()
  expect((await press(browser, link)).status).toBe(303)
  expect([await whoIs(browser), sessions(h)]).toEqual([email, 1])
})

test("[L6] killed after the commit of a sign-in, the link is used and whoever lost the answer asks anew", async () => {
  const h = await house({ crashAt: "sign-in.after-commit" })
  const browser = h.browser()
  const { link } = await mailedLink(h, browser)
  await h.settled()
  expect(await cutOff(press(browser, link))).toBe(true)
  await h.died()
  expect(sessions(h)).toBe(1)
  await h.start()
  const again = await press(browser, link)
  expect([again.status, again.setCookies, sessions(h)]).toEqual([410, [], 1])
  expect(again.body).toContain("used already")
})

test("[L5] the count of wrong codes survives a kill", async () => {
  const h = await house()
  const browser = h.browser()
  const { link, code } = await mailedLink(h, browser)
  await h.settled()
  const wrong = code === "000000" ? "000001" : "000000"
  for (let i = 0; i < 3; i++) {
    expect((await browser.post("/login/sent", { code: wrong })).status).toBe(400)
  }
  await h.start()
  for (let i = 0; i < 3; i++) await browser.post("/login/sent", { code: wrong })
  expect((await browser.post("/login/sent", { code })).body).toContain("Too many wrong codes")
  expect((await press(browser, link)).status).toBe(303)
})

test("[S1] a session outlives a kill", async () => {
  const h = await house()
  const browser = h.browser()
  const { link } = await mailedLink(h, browser)
  expect((await press(browser, link)).status).toBe(303)
  await h.start()
  expect(await whoIs(browser)).toBe(email)
})
