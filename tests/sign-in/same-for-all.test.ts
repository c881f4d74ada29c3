import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { days, hours, minutes } from "../support/clock"
import { askForLink, confirm, mailedLink, setUpWorld, whoIs } from "../support/world"

const world = setUpWorld()

test("[L11] known, unknown, disabled and suppressed addresses get the same answer", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_LINKS_PER_CLIENT: "100" })
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  await db().suppression.create({
    data: { email: "amir@acme.test", reason: "bounce", createdAt: new Date() },
  })
  const addresses = ["alice@acme.test", "nobody@acme.test", "bob@acme.test", "amir@acme.test"]
  const answers = []
  for (const address of addresses) {
    const browser = w.browser()
    const asked = await askForLink(w, browser, address)
    const page = await browser.get("/login/sent")
    answers.push({
      status: asked.status,
      location: asked.location,
      cookies: asked.setCookies.map(c => c.replace(/=[\w-]{43}\.[\w-]+;/, "=token.address;")),
      page: page.body
        .replaceAll(address, "ADDRESS")
        .replace(/nonce="[^"]*"|value="\d+\.[^"]+"|"\d{13}\.[^"]+"/g, "").length,
    })
  }
  for (const answer of answers) expect({ ...answer, page: 0 }).toEqual({ ...answers[0], page: 0 })
  expect(answers[0]?.cookies[0]).toContain("token.address")
  await w.settle()
  expect(
    w.mailbox
      .messages()
      .map(m => `${m.to}: ${m.subject}`)
      .sort(),
  ).toEqual([
    "alice@acme.test: Sign in to Gatehouse",
    "nobody@acme.test: No Gatehouse account with this address",
  ])
})

test("[L11] wrong codes tell nobody whether a mail was sent, however many are tried", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_LINKS_PER_CLIENT: "100", LIMIT_CHECKS_PER_CLIENT: "100" })
  const told: string[][] = []
  for (const address of ["alice@acme.test", "nobody@acme.test"]) {
    const browser = w.browser()
    await askForLink(w, browser, address)
    await w.settle()
    const words: string[] = []
    for (const code of ["12", ...Array<string>(8).fill("ZZZZZZ")]) {
      const { status, body } = await browser.post("/login/sent", { code })
      const said = ["six letters and digits. Look", "is wrong, or has expired", "Too many wrong codes"]
      words.push(`${status} ${said.filter(sentence => body.includes(sentence))}`)
    }
    told.push(words)
  }
  expect(told[0]).toEqual(told[1])
  expect(new Set(told[0]).size).toBe(3)
  expect(
    w.mailbox
      .messages()
      .flatMap(m => m.to)
      .sort(),
  ).toEqual(["alice@acme.test", "nobody@acme.test"])
})

test("[L11] a disabled person's link that is already out does not let them in", async () => {
  const w = await world()
  const browser = w.browser()
  const { link } = await mailedLink(w, browser, "bob@acme.test")
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const answer = await confirm(browser, link)
  expect(answer.status).toBe(410)
  expect(answer.body).toContain("account is shut")
  expect(await whoIs(browser)).toBeUndefined()
  expect((await db().link.findFirstOrThrow()).usedAt).toBeNull()
})

test("[L12] an unknown address gets at most one mail a day", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_LINKS_PER_CLIENT: "100", LIMIT_LINKS_PER_ADDRESS_HOUR: "100" })
  w.clock.advance(new Date(new Date().setUTCHours(24, 0, 0, 0)).getTime() - Date.now())
  for (let i = 0; i < 3; i++) {
    await askForLink(w, w.browser(), `nobody${i === 1 ? "" : ""}@acme.test`)
    await w.settle()
    w.clock.advance(hours(2))
  }
  expect(w.mailbox.messages("nobody@acme.test")).toHaveLength(1)
  w.clock.advance(days(1))
  await askForLink(w, w.browser(), "nobody@acme.test")
  await w.settle()
  expect(w.mailbox.messages("nobody@acme.test")).toHaveLength(2)
})

test("[L13] every spelling of an address reaches one account", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  const spellings = [
    ["A.User@Example.COM", "a.user@example.com"],
    [" a.user@example.com ", "a.user@example.com"],
    ["jose\u0301@münchen.de", "jos\u00e9@xn--mnchen-3ya.de"],
    ["jos\u00e9@XN--mnchen-3ya.de", "jos\u00e9@xn--mnchen-3ya.de"],
  ] as const
  for (const [typed, canonical] of spellings) {
    const browser = w.browser()
    await askForLink(w, browser, typed)
    await w.settle()
    w.clock.advance(minutes(2))
    const link = w.mailbox.messages().at(-1)?.link ?? ""
    expect((await confirm(browser, browser.inside(link))).status, typed).toBe(303)
    expect(await whoIs(browser), typed).toBe(canonical)
  }
  const made = await db().user.findMany({
    where: { email: { not: { endsWith: ".test" } } },
    orderBy: { createdAt: "asc" },
  })
  expect(made.map(u => u.emailTyped)).toEqual(["A.User@Example.COM", "jos\u00e9@münchen.de"])
})

test("[L13] what is not one mailbox is refused at the field and keeps what was typed", async () => {
  const w = await world()
  const browser = w.browser()
  for (const typed of [
    "alice",
    "a@b",
    "a b@c.de",
    "v@x.test\r\nBcc: evil@x.test",
    "a@x.test,b@x.test",
    "alice@acme.test/x",
    "alice@acme.test?cc=evil",
    `${"a".repeat(65)}@x.test`,
  ]) {
    const answer = await browser.post("/login", { email: typed })
    expect(answer.status, typed).toBe(400)
    expect(answer.body, typed).toContain("Enter an e-mail address, such as name@example.com.")
    expect(answer.body, typed).toContain('aria-invalid="true"')
  }
  expect((await browser.post("/login", { email: "alice" })).body).toContain('value="alice"')
  expect(await db().job.count()).toBe(0)
})

test("[L18] SIGN_UP decides who may come in: open, invited, or domains", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "birch.test, oak.test", LIMIT_LINKS_PER_CLIENT: "100" })
  await askForLink(w, w.browser(), "new@oak.test")
  await askForLink(w, w.browser(), "new@elm.test")
  await w.settle()
  expect(w.mailbox.latestTo("new@oak.test").subject).toBe("Sign in to Gatehouse")
  expect(w.mailbox.latestTo("new@elm.test").subject).toContain("No Gatehouse account")
})
