/**
 * The yardstick: a bare node:http server over better-sqlite3. It answers the same requests with the same lookups, the same
 * rows and the same number of commits, as durable as ours (WAL, synchronous = FULL), and reads forms, checks the stamp, counts
 * limits, hashes tokens and sets cookies. It has no framework, no client library between itself and SQLite, no checks of
 * host, origin or size, no security headers, no log, and writes its pages and mails as one template string.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { bearerReader } from "./bearer"
import { openRaw } from "./database"
import { mailWorker } from "./mail"
import { devicesPage } from "./page"
import { requestLink, spendLink } from "./sign-in"

const { PORT = "", DATABASE_FILE = "", APP_SECRET = "", SMTP_PORT } = process.env

const db = openRaw(DATABASE_FILE)
const findBearer = bearerReader(db, `http://localhost:${PORT}`)
const wakeMail = mailWorker(db, {
  appUrl: `http://localhost:${PORT}`,
  smtpPort: SMTP_PORT,
  secret: APP_SECRET,
})

type Handler = (req: IncomingMessage, res: ServerResponse, body: string) => void

const handlers: Record<string, Handler> = {
  "GET /healthz": (_req, res) => json(res, 200, { status: "ok" }),
  "GET /api/auth/profile": (req, res) => {
    const { authorization, cookie } = req.headers
    const person = authorization ? findBearer(authorization) : db.findSession(cookie)
    if (!person) return json(res, 401, { error: { code: "signed_out" } })
    const { userId: id, email, name, isOperator } = person
    json(res, 200, { user: { id, email, name, isOperator: isOperator === 1 } })
  },
  "GET /account/devices": (req, res) => {
    const person = db.findSession(req.headers.cookie)
    if (!person) return redirect(res, "/login")
    const body = devicesPage(
      person,
      db.memberships.all(person.userId),
      db.devices.all(person.userId, Date.now()),
    )
    res.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Length": Buffer.byteLength(body),
    })
    res.end(body)
  },
  "POST /login": (req, res, body) => {
    const answer = requestLink(db, new URLSearchParams(body), requesterOf(req), APP_SECRET)
    if (!answer) return json(res, 400, { error: { code: "invalid" } })
    wakeMail()
    redirect(res, "/login/sent", [answer.cookie])
  },
  "POST /login/link": (req, res, body) => {
    const token = new URLSearchParams(body).get("token") ?? ""
    const cookie = spendLink(db, token, requesterOf(req))
    if (!cookie) return json(res, 410, { error: { code: "used" } })
    redirect(res, "/start", [cookie, "gatehouse-request=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"])
  },
}

createServer((req, res) => {
  const url = req.url ?? ""
  const mark = url.indexOf("?")
  const handler = handlers[`${req.method} ${mark < 0 ? url : url.slice(0, mark)}`]
  if (!handler) return json(res, 404, { error: { code: "not_found" } })
  if (req.method === "GET") return handler(req, res, "")
  const parts: Buffer[] = []
  req.on("data", part => parts.push(part))
  req.on("end", () => handler(req, res, Buffer.concat(parts).toString()))
}).listen(Number(PORT), "127.0.0.1")

function json(res: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  res.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) })
  res.end(body)
}

function redirect(res: ServerResponse, location: string, cookies: string[] = []): void {
  res.writeHead(303, { Location: location, "Content-Length": 0, "Set-Cookie": cookies })
  res.end()
}

function requesterOf(req: IncomingMessage) {
  return { clientAddress: req.socket.remoteAddress ?? "", userAgent: req.headers["user-agent"] ?? "" }
}
