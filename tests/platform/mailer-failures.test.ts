import { once } from "node:events"
import { createServer } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { setEnv } from "~/platform/env.server"
import {
  closeMailer,
  createMailer,
  type Mailer,
  type MailSettings,
  setMailer,
  mailer as theMailer,
} from "~/platform/mailer.server"
import { cleanAnswer } from "~/platform/mailer-answer.server"
import { tlsMode } from "~/platform/mailer-tls.server"
import type { FaultSettings } from "../stand-ins/mailbox/faults"
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

const token = "q7Fh2kLmN0pQrStUvWxYz1234567890abcdefghijKL"
const login = { user: "postmaster", password: "correct horse battery" }
const letter = {
  to: "bob@example.com",
  subject: "Your code is K3PX9R",
  html: `<p>Your code: <b>K3PX9R</b>, or <a href="https://gate.example/login/link?token=${token}">sign in</a></p>`,
  text: `Your code: K3PX9R\nhttps://gate.example/login/link?token=${token}\n`,
}

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

const impatient = { timeouts: { greeting: 500, answer: 1000 } }

type Case = [string, Partial<FaultSettings>, Partial<MailSettings>, string, boolean, RegExp]

const cases: Case[] = [
  ["hangs up at once", { connect: "close" }, {}, "connection", false, /hung up/],
  ["answers 421", { connect: "421" }, {}, "connection", false, /not taking mail at the moment/],
  ["never greets", { connect: "silent" }, impatient, "timeout", false, /did not greet.*SMTP_TLS=implicit/],
  ["expects TLS from the first byte", { tls: "implicit" }, impatient, "timeout", false, /SMTP_TLS=implicit/],
  ["is spoken to with TLS and has none", {}, { tls: "implicit" }, "tls", false, /SMTP_TLS=starttls/],
  ["offers no STARTTLS though it must", {}, { tls: "starttls" }, "tls", false, /does not offer STARTTLS/],
  [
    "shows a self-signed certificate",
    { tls: "implicit" },
    { tls: "implicit", rejectUnauthorized: true },
    "tls",
    false,
    /certificate .* not valid/,
  ],
  [
    "shows a self-signed certificate after STARTTLS",
    { tls: "starttls" },
    { tls: "starttls", rejectUnauthorized: true },
    "tls",
    false,
    /certificate .* not valid/,
  ],
  ["refuses the login", { login: "refused" }, login, "auth", false, /Check SMTP_USER and SMTP_PASSWORD/],
  ["wants a login", { login: "required" }, {}, "auth", false, /Set .*SMTP_USER and SMTP_PASSWORD/],
  ["does not relay", { recipient: "relay" }, {}, "auth", false, /without a login/],
  ["refuses the sender", { sender: "refused" }, {}, "sender-refused", false, /MAIL_FROM/],
  ["refuses the recipient", { recipient: "refused" }, {}, "recipient-refused", true, /does not exist/],
  [
    "defers the recipient",
    { recipient: "later" },
    {},
    "recipient-refused",
    false,
    /for this recipient at the moment/,
  ],
  ["refuses the message", { data: "refused" }, {}, "other", true, /refused the mail itself/],
  ["defers the message", { data: "later" }, {}, "other", false, /could not take the mail just now/],
  ["hangs up after the message", { data: "hang-up" }, {}, "connection", false, /hung up/],
  ["falls silent after the message", { data: "hang" }, impatient, "timeout", false, /took too long/],
]

test.each(cases)(
  "[M2] a server that %s is explained in words",
  async (_what, faults, settings, kind, permanent, words) => {
    mailbox.faults.set(faults)
    const result = await connect(settings).send(letter)
    expect(result).toMatchObject({ ok: false, error: { kind, permanent } })
    if (!result.ok) expect(result.error.words).toMatch(words)
    expect(JSON.stringify(result)).not.toContain(login.password)
    expect(mailbox.messages()).toHaveLength(0)
  },
)

test("[M2] a port where nothing listens, and a name that does not exist, are named", async () => {
  const gone = createServer().listen(0, "127.0.0.1")
  await once(gone, "listening")
  const address = gone.address()
  const port = typeof address === "object" && address ? address.port : 0
  await new Promise(resolve => gone.close(resolve))
  expect(await connect({ port }).send(letter)).toMatchObject({
    error: {
      kind: "connection",
      permanent: false,
      words: expect.stringMatching(/Nothing answers.*SMTP_PORT/),
    },
  })
  expect(await connect({ host: "no-such-host.invalid", tls: "none" }).send(letter)).toMatchObject({
    error: { kind: "connection", words: expect.stringMatching(/No server called no-such-host.invalid/) },
  })
})

test("[M2] a sender that is no address is said to be the setting's fault, and the mail is kept for later", async () => {
  expect(await connect({ from: "Gatehouse" }).send(letter)).toMatchObject({
    error: { kind: "sender-refused", permanent: false, words: expect.stringContaining("MAIL_FROM") },
  })
})

test("[M2] the connection survives a refused recipient", async () => {
  const mailer = connect()
  mailbox.faults.set({ recipient: "refused", only: ["bob@example.com"] })
  const before = mailbox.counts().connections
  expect(await mailer.send(letter)).toMatchObject({ ok: false })
  await pause(100)
  expect(await mailer.send({ ...letter, to: "amir@example.com" })).toMatchObject({ ok: true })
  expect(mailbox.counts().connections - before).toBe(1)
})

test.each<[FaultSettings["tls"], Partial<MailSettings>, boolean]>([
  ["implicit", { tls: "implicit" }, true],
  ["starttls", { tls: "starttls" }, true],
  ["starttls", { tls: "none" }, false],
  ["none", { tls: "auto" }, false],
])("[M2] a server with %s takes mail and login from %j", async (tls, settings, secure) => {
  mailbox.faults.set({ tls, login: tls === "starttls" && !secure ? "optional" : "required" })
  const mailer = connect(tls === "starttls" && !secure ? settings : { ...settings, ...login })
  expect(await mailer.verify()).toMatchObject({ ok: true })
  expect(await mailer.send(letter)).toMatchObject({ ok: true })
  expect(mailbox.latestTo("bob@example.com").secure).toBe(secure)
})

test("[M2] the TLS mode follows from port and host unless it is set", () => {
  expect(tlsMode("auto", "smtp.example.com", 465)).toBe("implicit")
  for (const port of [25, 587, 2525]) expect(tlsMode("auto", "smtp.example.com", port)).toBe("starttls")
  for (const host of ["localhost", "127.0.0.1", "127.0.0.53", "::1"])
    expect(tlsMode("auto", host, 25)).toBe("none")
  for (const host of ["127.0.0.1.example.com", "10.0.0.1", "localhost.example.com"]) {
    expect(tlsMode("auto", host, 25)).toBe("starttls")
  }
  expect(tlsMode("none", "smtp.example.com", 587)).toBe("none")
})

test("[M2] verify reports what is wrong without sending", async () => {
  expect(await connect(login).verify()).toMatchObject({
    ok: true,
    value: { words: expect.stringContaining("login") },
  })
  mailbox.faults.set({ login: "refused" })
  const result = await connect(login).verify()
  expect(result).toMatchObject({ ok: false, error: { kind: "auth" } })
  expect(JSON.stringify(result)).not.toContain(login.password)
  mailbox.faults.set({ connect: "close" })
  expect(await connect().verify()).toMatchObject({ ok: false, error: { kind: "connection" } })
  mailbox.faults.set({ connect: "silent" })
  expect(await connect(impatient).verify()).toMatchObject({ ok: false, error: { kind: "timeout" } })
  expect(mailbox.messages()).toHaveLength(0)
})

test("[M2] [L10] a server that quotes the mail or the login back puts neither into the failure", async () => {
  mailbox.faults.set({ data: "echo" })
  const result = await connect(login).send(letter)
  expect(result).toMatchObject({ ok: false, error: { permanent: true } })
  const said = JSON.stringify(result)
  expect(said).toContain("Message rejected")
  for (const secret of [token, "K3PX9R", token.slice(0, 20), token.slice(-15)])
    expect(said).not.toContain(secret)

  const plain = Buffer.from(`\0${login.user}\0${login.password}`).toString("base64")
  const answer = `535 5.7.8 bad login ${plain} (${login.password}), see https://help.example/?p=BadCredentials`
  expect(cleanAnswer(answer, login)).toBe(
    "535 5.7.8 bad login … (…), see https://help.example/?p=BadCredentials",
  )
  expect(cleanAnswer(`250 2.0.0 Ok: queued as 0102018f3b2c-7a6b\r\n`, login, letter.text)).toBe(
    "250 2.0.0 Ok: queued as 0102018f3b2c-7a6b",
  )
})

test("[M2] the process has one mailer, made from the settings, which a test may replace", async () => {
  setEnv({
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mailbox.smtpPort),
    MAIL_FROM: "Acme <hello@acme.example>",
  })
  expect(theMailer()).toBe(theMailer())
  expect(await theMailer().send(letter)).toMatchObject({ ok: true })
  expect(mailbox.latestTo("bob@example.com").from).toBe("hello@acme.example")
  await closeMailer()

  const own = connect()
  setMailer(own)
  expect(theMailer()).toBe(own)
  setMailer(undefined)

  setEnv({ SMTP_HOST: undefined })
  expect(() => theMailer()).toThrow(/SMTP_HOST/)
})
