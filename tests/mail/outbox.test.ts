import { expect, test, vi } from "vitest"
import { queueMail } from "~/domain/mail/outbox.server"
import { sendMail } from "~/domain/mail/send.server"
import { db, transaction } from "~/platform/db.server"
import { minutes } from "../support/clock"
import { askForLink, confirm, setUpWorld, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"

test("[M1] a mail whose transaction rolls back is never sent", async () => {
  const w = await world()
  const failing = transaction(async tx => {
    await queueMail(tx, { template: "operator_notice", to: email, parameters: { title: "t", words: "w" } })
    throw new Error("changed my mind")
  })
  await expect(failing).rejects.toThrow("changed my mind")
  await w.settle()
  expect(w.mailbox.messages()).toEqual([])
  expect(await db().mail.count()).toBe(0)
})

test("[M1] the same key twice is one mail, also at once", async () => {
  const w = await world()
  const notice = {
    template: "operator_notice",
    to: email,
    parameters: { title: "t", words: "w" },
    dedupeKey: "k",
  } as const
  await Promise.all([1, 2, 3].map(() => transaction(tx => queueMail(tx, notice))))
  await w.settle()
  expect(w.mailbox.messages(email)).toHaveLength(1)
})

test("[M1] a server that says later is asked again, and the mail arrives once", async () => {
  const w = await world()
  w.mailbox.faults.set({ recipient: "later" }, 1)
  const browser = w.browser()
  await askForLink(w, browser, email)
  await w.settle()
  expect(w.mailbox.messages()).toEqual([])
  expect(await db().mail.findFirstOrThrow()).toMatchObject({
    state: "queued",
    attempts: 1,
    answer: expect.stringContaining("Gatehouse tries again by itself."),
  })
  w.clock.advance(minutes(1))
  await w.settle()
  expect(w.mailbox.messages(email)).toHaveLength(1)
  const link = w.mailbox.latestTo(email).link
  expect((await confirm(browser, browser.inside(link))).status).toBe(303)
})

test("[M1] a refused recipient ends the mail at once, with the server's words and no content", async () => {
  const w = await world()
  w.mailbox.faults.set({ recipient: "refused" })
  await askForLink(w, w.browser(), email)
  await w.settle()
  const mail = await db().mail.findFirstOrThrow()
  expect(mail.state).toBe("failed")
  expect(mail.answer).toMatch(/550/)
  expect(await db().job.count({ where: { state: "queued" } })).toBe(0)
  w.mailbox.faults.clear()
})

test("[M1] a sign-in mail dies in the queue with its link", async () => {
  const w = await world()
  w.mailbox.faults.set({ recipient: "later" })
  await askForLink(w, w.browser(), email)
  await w.settle()
  w.mailbox.faults.clear()
  w.clock.advance(minutes(16))
  await w.settle()
  expect(w.mailbox.messages()).toEqual([])
  expect(await db().mail.findFirstOrThrow()).toMatchObject({ state: "expired" })
})

test("[M1] a mail sent twice signs in once: its links are spent together, and so are its codes", async () => {
  const w = await world()
  const browser = w.browser()
  await askForLink(w, browser, email)
  await w.settle()
  // As after a crash between the server's 250 and the mark.
  const { id: mailId } = await db().mail.findFirstOrThrow()
  await db().mail.update({ where: { id: mailId }, data: { state: "queued" } })
  await sendMail.enqueue(db(), { mailId })
  await w.settle()
  const [first, second] = w.mailbox.messages(email)
  if (!first || !second) throw new Error("The mail was not sent twice.")
  expect(first.link).not.toBe(second.link)
  expect((await confirm(browser, browser.inside(first.link))).status).toBe(303)
  expect((await confirm(w.browser(), browser.inside(second.link))).status).toBe(410)
  expect(await whoIs(browser)).toBe(email)
  expect(await db().session.count()).toBe(1)
})

test("[M4] without SMTP the operator's link is printed, and nobody else's", async () => {
  const w = await world()
  w.settings({ SMTP_HOST: "" })
  const printed = vi.spyOn(process.stdout, "write").mockImplementation(() => true)
  try {
    await askForLink(w, w.browser(), email)
    await askForLink(w, w.browser(), "olive@gatehouse.test")
    await w.settle()
    const text = printed.mock.calls.map(call => String(call[0])).join("")
    const links = [...text.matchAll(/http\S+\/login\/link\?token=[\w-]{43}/g)].map(match => match[0])
    expect(links).toHaveLength(1)
    const browser = w.browser()
    await confirm(browser, browser.inside(links[0] ?? ""))
    expect(await whoIs(browser)).toBe("olive@gatehouse.test")
    expect((await browser.get("/admin")).body).toContain("Mail is not set up")
  } finally {
    printed.mockRestore()
  }
  expect(await db().mail.findMany({ select: { state: true } })).toEqual([
    { state: "not_set_up" },
    { state: "not_set_up" },
  ])
})

test("[M2] the operator's button sends a real mail and says what the server answered", async () => {
  const w = await world()
  const { link } = await (async () => {
    await askForLink(w, w.browser(), "olive@gatehouse.test")
    await w.settle()
    return w.mailbox.latestTo("olive@gatehouse.test")
  })()
  const browser = w.browser()
  await confirm(browser, browser.inside(link))
  expect((await browser.post("/admin", { intent: "test-mail" })).body).toContain("The server said: 250")
  for (const words of ["Sign-in link", "olive@gatehouse.test"])
    expect((await browser.get("/admin")).body).toContain(words)
  expect(w.mailbox.latestTo("olive@gatehouse.test").subject).toBe("Test mail from Gatehouse")
  w.mailbox.faults.set({ recipient: "later" })
  const later = await browser.post("/admin", { intent: "test-mail" })
  w.mailbox.faults.clear()
  expect(later.body).toContain("The test mail was not sent.")
  expect(later.body).toMatch(/The server said: 4\d\d/)
  expect(later.body).not.toContain("by itself")
  w.mailbox.faults.set({ login: "required" })
  const refused = await browser.post("/admin", { intent: "test-mail" })
  w.mailbox.faults.clear()
  expect(refused.status).toBe(502)
  expect(refused.body).toContain("SMTP_USER")
})
