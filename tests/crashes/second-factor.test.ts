import { expect, test } from "vitest"
import { authenticatorApp, wrongCode } from "../support/two-factor"
import { type House, setUpHouse } from "./house"
import { askForLink, cutOff, press, whoIs } from "./visitor"

const house = setUpHouse({ LIMIT_LINKS_PER_ADDRESS_MINUTE: "10" })
const email = "alice@acme.test"
const page = "/account/two-factor"
const step = "/login/second-factor"

/** Signs in as far as the first factor goes, or all the way where no second one is owed. */
async function comeIn(h: House) {
  const browser = h.browser()
  await askForLink(browser, email)
  await h.settled()
  const mails = h.mailbox.messages(email).filter(mail => mail.code)
  const answer = await press(browser, mails.at(-1)?.link ?? "")
  return { browser, answer }
}

/** Somebody with two-factor sign-in; their app and their recovery codes. */
async function enrolled(h: House) {
  const { browser } = await comeIn(h)
  await browser.post(page, { intent: "begin" })
  const key = /<code[^>]*>((?:[A-Z2-7]{4} ?){8})</.exec((await browser.get(page)).body)?.[1] ?? ""
  const app = authenticatorApp(key.replaceAll(" ", ""))
  const { body } = await browser.post(page, { intent: "confirm", code: app.code() })
  const codes = [...body.matchAll(/<li>([0-9A-Z]{5}-[0-9A-Z]{5})<\/li>/g)].map(([, code = ""]) => code)
  expect(codes).toHaveLength(10)
  return { browser, app, codes }
}

const spent = (h: House) => h.rows("SELECT id FROM RecoveryCode WHERE usedAt IS NOT NULL").length

test("[S9] killed before the commit of a second step, the recovery code is as good as before, and so is the challenge", async () => {
  const h = await house()
  const { codes } = await enrolled(h)
  const { browser, answer } = await comeIn(h)
  expect(answer.location).toBe(step)
  await h.start("second-factor.before-commit")
  const sessions = h.count("Session")
  const typed = { by: "recovery_code", code: codes[0] ?? "" }
  expect(await cutOff(browser.post(step, typed))).toBe(true)
  await h.died()
  expect([spent(h), h.count("Session")]).toEqual([0, sessions])
  await h.start()
  expect((await browser.post(step, typed)).status).toBe(303)
  expect([await whoIs(browser), spent(h), h.count("Session")]).toEqual([email, 1, sessions + 1])
})

test("[S8] killed before the commit of a set-up, nothing is on and no code was shown", async () => {
  const h = await house()
  const { browser } = await comeIn(h)
  await browser.post(page, { intent: "begin" })
  const key = /<code[^>]*>((?:[A-Z2-7]{4} ?){8})</.exec((await browser.get(page)).body)?.[1] ?? ""
  const app = authenticatorApp(key.replaceAll(" ", ""))
  await h.start("enrolment.before-commit")
  expect(await cutOff(browser.post(page, { intent: "confirm", code: app.code() }))).toBe(true)
  await h.died()
  expect(h.rows("SELECT confirmedAt FROM Totp")).toEqual([{ confirmedAt: null }])
  expect(h.count("RecoveryCode")).toBe(0)
  await h.start()
  expect(await whoIs(browser)).toBe(email)
  expect((await browser.post(page, { intent: "confirm", code: app.code() })).status).toBe(200)
})

test("[S8] the count of wrong codes survives a kill", async () => {
  const h = await house()
  const { app } = await enrolled(h)
  const { browser } = await comeIn(h)
  const wrong = { by: "totp", code: wrongCode(app) }
  for (let time = 0; time < 3; time++) expect((await browser.post(step, wrong)).status).toBe(400)
  await h.kill()
  await h.start()
  expect((await browser.post(step, wrong)).body).toContain("One more try.")
  expect((await browser.post(step, wrong)).status).toBe(410)
})
