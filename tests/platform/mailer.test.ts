import { once } from "node:events"
import { createServer, Socket } from "node:net"
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { createMailer, type Mailer, type MailSettings, type OutgoingMail } from "~/platform/mailer.server"
import { type Mailbox, startMailbox } from "../stand-ins/mailbox/mailbox"

let mailbox: Mailbox
const open: Mailer[] = []

beforeAll(async () => {
  mailbox = await startMailbox()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map(mailer => mailer.close(0)))
  mailbox.faults.clear()
  mailbox.clear()
})
afterAll(() => mailbox.stop())

function connect(settings: Partial<MailSettings> = {}): Mailer {
  const mailer = createMailer({
    host: "127.0.0.1",
    port: mailbox.smtpPort,
    tls: "auto",
    from: "Gatehouse <no-reply@gate.example>",
    rejectUnauthorized: false,
    ...settings,
  })
  open.push(mailer)
  return mailer
}

function mail(overrides: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    to: "bob@example.com",
    subject: "Your sign-in link",
    html: '<p>Hello <a href="http://localhost:3000/login/link?token=abcDEF123_-abcDEF123_-abcDEF123_-abcDEF123">in</a></p>',
    text: "Hello\n\nABC 23Z\n\nhttp://localhost:3000/login/link?token=abcDEF123_-abcDEF123_-abcDEF123_-abcDEF123\n",
    ...overrides,
  }
}

async function refused(mailer: Mailer, overrides: Partial<OutgoingMail> = {}) {
  const result = await mailer.send(mail(overrides))
  if (result.ok) throw new Error(`The mail was sent: ${result.value.answer}`)
  return result.error
}

test("[M2] a mail arrives with both parts, its sender, and the server's answer", async () => {
  const result = await connect().send(
    mail({ to: "Bob Marsh <bob@example.com>", replyTo: "help@gate.example" }),
  )
  expect(result).toMatchObject({ ok: true, value: { answer: expect.stringContaining("queued as") } })
  const arrived = mailbox.latestTo("bob@example.com")
  expect(arrived).toMatchObject({
    from: "no-reply@gate.example",
    to: ["bob@example.com"],
    subject: "Your sign-in link",
    code: "ABC23Z",
    link: "http://localhost:3000/login/link?token=abcDEF123_-abcDEF123_-abcDEF123_-abcDEF123",
  })
  expect(arrived.headers).toMatchObject({
    from: "Gatehouse <no-reply@gate.example>",
    to: "Bob Marsh <bob@example.com>",
    "reply-to": "help@gate.example",
  })
})

test("[M2] mail is marked as automatic, and every tracker that can be told is told to keep off", async () => {
  await connect().send(mail({ headers: { "X-Entity-Ref-ID": "42" } }))
  const { headers, html } = mailbox.latestTo("bob@example.com")
  expect(headers).toMatchObject({
    "auto-submitted": "auto-generated",
    "x-auto-response-suppress": "All",
    "x-pm-tracklinks": "None",
    "x-mailgun-track": "no",
    "x-mailjet-trackclick": "0",
    "x-entity-ref-id": "42",
  })
  expect(JSON.parse(headers["x-smtpapi"] ?? "")).toHaveProperty("filters.clicktrack.settings.enable", 0)
  expect(JSON.parse(headers["x-msys-api"] ?? "")).toHaveProperty("options.click_tracking", false)
  expect(html).toContain("<a ses:no-track href=")
})

test("[M2] the same id makes the same Message-ID, without one every mail has its own", async () => {
  const mailer = connect()
  for (const id of ["outbox-7", "outbox-7", undefined, undefined]) await mailer.send(mail({ id }))
  const ids = mailbox.messages().map(m => m.headers["message-id"])
  expect(ids.slice(0, 2)).toEqual(["<outbox-7@gate.example>", "<outbox-7@gate.example>"])
  expect(new Set(ids).size).toBe(3)
})

test.each([
  ["a header behind a line break", "v@x.example\r\nBcc: evil@x.example"],
  ["a bare line feed", "v@x.example\nBcc: evil@x.example"],
  ["a line break inside the name", "V\r\nBcc: evil@x.example <v@x.example>"],
  ["a Unicode line separator", "v@x.example\u2028Bcc: evil@x.example"],
  ["a list", "v@x.example, evil@x.example"],
  ["a list behind a name", "V, evil@x.example <v@x.example>"],
  ["a group", "Friends: v@x.example, evil@x.example;"],
  ["two brackets", "<v@x.example> <evil@x.example>"],
  ["an SMTP parameter", "v@x.example> NOTIFY=SUCCESS ORCPT=<evil@x.example"],
  ["a quoted local part", '"v@x.example, evil"@x.example'],
  ["a comment", "v(evil@x.example)@x.example"],
  ["a source route", "@evil.example:v@x.example"],
  ["two at-signs", "v@evil.example@x.example"],
  ["a space", "v evil@x.example"],
  ["an address literal", "v@[127.0.0.1]"],
  ["a bare number as domain", "v@127.0.0.1"],
  ["no domain", "v@"],
  ["nothing", ""],
])("[M2] a recipient with %s is refused before anything is sent", async (_what, to) => {
  const before = mailbox.counts()
  expect(await refused(connect(), { to })).toMatchObject({ kind: "recipient-refused", permanent: true })
  expect(mailbox.counts()).toEqual(before)
})

test.each([
  ["münchner@MÜNCHEN.example", "münchner@münchen.example"],
  ['"Marsh, Bob" <bob.marsh+tag@example.com>', "bob.marsh+tag@example.com"],
  ["o'neil_x-1@sub.example.co.uk", "o'neil_x-1@sub.example.co.uk"],
])("[M2] %s is one honest recipient", async (to, address) => {
  expect(await connect().send(mail({ to }))).toMatchObject({ ok: true })
  expect(mailbox.messages().map(m => m.to)).toEqual([[address]])
})

test("[M2] line breaks in a subject become spaces and add no header", async () => {
  await connect().send(mail({ subject: "Join Acme\r\nBcc: evil@x.example\r\n\r\n<h1>Body</h1>\u2028now" }))
  const { subject, to, headers } = mailbox.latestTo("bob@example.com")
  expect(subject).toBe("Join Acme Bcc: evil@x.example <h1>Body</h1> now")
  expect(to).toEqual(["bob@example.com"])
  expect(headers).not.toHaveProperty("bcc")
})

test.each([
  ["Bcc", "evil@x.example"],
  ["content-type", "text/html"],
  ["Resent-To", "evil@x.example"],
  ["X-Ok", "1\r\nBcc: evil@x.example"],
  ["X-Ok\r\nBcc", "evil@x.example"],
])("[M2] the extra header %j is refused", async (name, value) => {
  expect(await refused(connect(), { headers: { [name]: value } })).toMatchObject({
    kind: "other",
    permanent: true,
  })
})

test("[M2] a reply address with a line break is refused", async () => {
  const failure = await refused(connect(), { replyTo: "a@b.example\r\nBcc: evil@x.example" })
  expect(failure).toMatchObject({ kind: "other", permanent: true })
})

test("[M2] mails one after the other share a connection, many at once share at most five", async () => {
  const mailer = connect()
  const before = mailbox.counts().connections
  for (let n = 0; n < 5; n++) await mailer.send(mail())
  expect(mailbox.counts().connections - before).toBe(1)
  await Promise.all(Array.from({ length: 40 }, (_, n) => mailer.send(mail({ to: `user${n}@example.com` }))))
  expect(mailbox.counts().connections - before).toBeLessThanOrEqual(5)
  expect(mailbox.messages()).toHaveLength(45)
})

test("[M2] a connection the server has closed while idle is replaced unnoticed", async () => {
  const mailer = connect()
  await mailer.send(mail())
  mailbox.dropConnections()
  expect(await mailer.send(mail())).toMatchObject({ ok: true })
  expect(mailbox.messages()).toHaveLength(2)
})

test("[M2] small writes are not held back: every connection is made with TCP_NODELAY", async () => {
  const noDelay = vi.spyOn(Socket.prototype, "setNoDelay")
  await connect().send(mail())
  const ports = noDelay.mock.contexts.map(socket => (socket instanceof Socket ? socket.remotePort : 0))
  expect(ports).toContain(mailbox.smtpPort)
  expect(noDelay.mock.calls.map(([on]) => on)).not.toContain(false)
  noDelay.mockRestore()
})

test("[M2] close lets a mail under way finish", async () => {
  mailbox.faults.set({ slow: 150 })
  const mailer = connect()
  const sending = mailer.send(mail())
  await mailer.close()
  expect(await sending).toMatchObject({ ok: true })
})

test("[M2] an attempt whose answer is lost is a failure and is not repeated here", async () => {
  mailbox.faults.set({ data: "hang-up" })
  const before = mailbox.counts().attempts
  expect(await refused(connect())).toMatchObject({ kind: "connection", permanent: false })
  expect(mailbox.counts().attempts - before).toBe(1)
  expect(mailbox.messages()).toHaveLength(0)
})

test("[M2] a server that accepts and hangs up has accepted, and the next mail goes out all the same", async () => {
  mailbox.faults.set({ data: "accept-and-hang-up" }, 1)
  const mailer = connect()
  expect(await mailer.send(mail())).toMatchObject({ ok: true })
  expect(await mailer.send(mail())).toMatchObject({ ok: true })
  expect(mailbox.messages()).toHaveLength(2)
})

test("[M2] a server that never answers after the message is given up on", async () => {
  mailbox.faults.set({ data: "hang" })
  expect(await refused(connect({ timeouts: { answer: 500 } }))).toMatchObject({
    kind: "timeout",
    permanent: false,
  })
})

test("[M2] a server that trickles its answer is given up on after the longest attempt", async () => {
  const drip = createServer(socket => {
    const timer = setInterval(() => socket.write("220-still here\r\n"), 50)
    socket.on("close", () => clearInterval(timer)).on("error", () => socket.destroy())
  }).listen(0, "127.0.0.1")
  await once(drip, "listening")
  const address = drip.address()
  const port = typeof address === "object" && address ? address.port : 0
  const timeouts = { connection: 60_000, greeting: 60_000, total: 300 }
  expect(await refused(connect({ port, timeouts }))).toMatchObject({ kind: "timeout", permanent: false })
  drip.close()
})
