import { connect } from "node:net"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { createMailer, type Mailer } from "~/platform/mailer.server"
import { type Mailbox, startMailbox } from "./mailbox"

let mailbox: Mailbox
let mailer: Mailer

beforeAll(async () => {
  mailbox = await startMailbox()
  mailer = createMailer({
    host: "127.0.0.1",
    port: mailbox.smtpPort,
    tls: "auto",
    from: "no-reply@gate.example",
  })
})
afterEach(() => {
  mailbox.faults.clear()
  mailbox.clear()
})
afterAll(async () => {
  await mailer.close()
  await mailbox.stop()
})

const send = (to: string, subject: string, html = "<p>Hello</p>", text = "Hello") =>
  mailer.send({ to, subject, html, text })

const page = async (path: string) => (await fetch(mailbox.url + path)).text()

test("[M4] the mailbox reads link and code out of a mail, however the code is displayed", async () => {
  const link = "http://localhost:3000/login/link?token=abc&redirectTo=%2Fo"
  const html = `<a href="http://localhost:3000/">Home</a> <a href="${link.replace("&", "&amp;")}">Sign in</a>`
  await send("a@example.com", "One", html, "Or type\n\n  ABC-D23\n")
  await send("b@example.com", "Two", `${html}<p data-code="K3PX9R">K3P X9R</p>`, "no code in the text")
  await send("c@example.com", "Three", "<p>none</p>", `See ${link}.`)
  await send("d@example.com", "Four", "<p>none</p>", "none")
  expect(mailbox.latestTo("a@example.com")).toMatchObject({
    link,
    code: "ABCD23",
    links: ["http://localhost:3000/", link],
  })
  expect(mailbox.latestTo("b@example.com")).toMatchObject({ link, code: "K3PX9R" })
  expect(mailbox.latestTo("c@example.com")).toMatchObject({ link, code: "" })
  expect(mailbox.latestTo("d@example.com")).toMatchObject({ link: "", code: "", links: [] })
})

test("[M4] mail is found by any spelling of its address, and waited for", async () => {
  const waiting = mailbox.waitFor("B@Xn--Mnchen-3ya.example", m => m.subject === "Second")
  await send("b@münchen.example", "First")
  await send("b@münchen.example", "Second")
  expect(await waiting).toMatchObject({ subject: "Second" })
  expect(mailbox.messages("b@MÜNCHEN.example").map(m => m.subject)).toEqual(["First", "Second"])
  await expect(mailbox.waitFor("nobody@example.com", undefined, 50)).rejects.toThrow(
    /nobody@example\.com.*First/,
  )
  expect(() => mailbox.latestTo("nobody@example.com")).toThrow(/No mail has arrived/)
})

test("[M4] a counted fault strikes so often and then heals", async () => {
  mailbox.faults.set({ data: "later" }, 2)
  const results = []
  for (const subject of ["1", "2", "3"]) results.push((await send("a@example.com", subject)).ok)
  expect(results).toEqual([false, false, true])
})

test("[M4] the page lists mails newest first, filters by recipient, and shows what people typed as text", async () => {
  expect(await page("/")).toContain("No mail yet")
  await send("a@example.com", "Older")
  await send("b@example.com", "<script>alert(1)</script>", "<p>x</p>", "<img src=x onerror=alert(1)>")
  const list = await page("/")
  expect(list).toContain("Mail sent by the demo lands here")
  expect(list.indexOf("&lt;script&gt;")).toBeLessThan(list.indexOf("Older"))
  expect(list).not.toMatch(/<script>alert|<img src=x/)
  const filtered = await page("/?to=A%40Example.com")
  expect(filtered).toContain("Older")
  expect(filtered).not.toContain("alert(1)")
  expect(await page("/?to=c%40example.com")).toContain("Nothing for c@example.com yet")
})

test("[M4] a mail opens in a frame without scripts whose links open in the window", async () => {
  await send(
    "a@example.com",
    "Hello",
    '<html><head><title>x</title></head><body><a href="https://a.example/">x</a></body></html>',
  )
  const { id } = mailbox.latestTo("a@example.com")
  const shown = await page(`/messages/${id}`)
  const [, sandbox = ""] = /sandbox="([^"]+)"/.exec(shown) ?? []
  expect(sandbox).toContain("allow-top-navigation-by-user-activation")
  expect(sandbox).not.toMatch(/allow-scripts|allow-same-origin/)
  const body = await fetch(`${mailbox.url}/messages/${id}/body`)
  expect(body.headers.get("content-security-policy")).toContain("default-src 'none'")
  expect(await body.text()).toContain('<head><base target="_top">')
  expect(await page(`/messages/${id}?view=text`)).toContain("Hello")
  expect(await page(`/messages/${id}?view=source`)).toContain("auto-generated")
  expect((await fetch(`${mailbox.url}/messages/999999`)).status).toBe(404)
})

test("[M4] the JSON API lists, reads, empties and sets faults", async () => {
  await send("a@example.com", "Hello")
  const list = await (await fetch(`${mailbox.url}/api/messages?to=a@example.com`)).json()
  expect(list).toMatchObject({ messages: [{ subject: "Hello", to: ["a@example.com"] }] })
  const id = mailbox.latestTo("a@example.com").id
  expect(await (await fetch(`${mailbox.url}/api/messages/${id}`)).json()).toMatchObject({
    raw: expect.stringContaining("Subject: Hello"),
  })
  const set = (body: unknown, type = "application/json") =>
    fetch(`${mailbox.url}/api/faults`, {
      method: "POST",
      headers: { "content-type": type },
      body: JSON.stringify(body),
    })
  expect(await (await set({ recipient: "refused", times: 1 })).json()).toMatchObject({ recipient: "refused" })
  expect(await send("a@example.com", "Refused")).toMatchObject({ ok: false })
  expect((await set({ recipient: "perhaps" })).status).toBe(400)
  expect((await set({ surprise: true })).status).toBe(400)
  expect((await set({ recipient: "refused" }, "text/plain")).status).toBe(415)
  expect((await fetch(`${mailbox.url}/api/messages`, { method: "DELETE" })).status).toBe(204)
  expect(mailbox.messages()).toEqual([])
})

test("[M4] another site can neither read nor empty the mailbox, and nothing listens beyond this machine", async () => {
  await send("a@example.com", "Private")
  const answer = await new Promise<string>(resolve => {
    const socket = connect(Number(new URL(mailbox.url).port), "127.0.0.1", () =>
      socket.write("GET /api/messages HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"),
    )
    let text = ""
    socket.on("data", chunk => {
      text += chunk
    })
    socket.on("end", () => resolve(text))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 421/)
  expect(answer).not.toContain("Private")
  const clear = (origin: string) =>
    fetch(`${mailbox.url}/clear`, { method: "POST", headers: { origin }, redirect: "manual" })
  expect((await clear("https://evil.example")).status).toBe(403)
  expect(mailbox.messages()).toHaveLength(1)
  expect((await clear(mailbox.url)).status).toBe(303)
  expect(mailbox.messages()).toHaveLength(0)
  await expect(startMailbox({ host: "0.0.0.0" })).rejects.toThrow(/this machine only/)
})

test("[M4] a taken port is an error at the start, and stop frees both ports", async () => {
  const taken = { smtpPort: mailbox.smtpPort }
  await expect(startMailbox(taken)).rejects.toThrow(/EADDRINUSE/)
  const other = await startMailbox()
  const ports = { smtpPort: other.smtpPort, httpPort: Number(new URL(other.url).port) }
  await other.stop()
  const again = await startMailbox(ports)
  expect(again.smtpPort).toBe(ports.smtpPort)
  await again.stop()
})
