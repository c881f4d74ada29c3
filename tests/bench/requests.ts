import { formStamp } from "~/http/bot-check.server"
import { setClock } from "~/platform/clock.server"
import { setEnv } from "~/platform/env.server"
import { addressOf, benchToken, userAgent } from "./world"

/** Shared by the bench and the servers it starts: the bench signs the form's stamp as the page would. */
export const appSecret = "a-secret-of-the-bench-0123456789-abcdefghij"

/** A page as someone signed in asks for it. */
export function getAs(port: number, path: string, token: string): string {
  const host = `localhost:${port}`
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${userAgent}\r\nCookie: gatehouse=${token}\r\n\r\n`
}

/** Every request the bench sends, as text, for a server on this port. */
export function requestsFor(port: number) {
  const host = `localhost:${port}`
  const common = `Host: ${host}\r\nUser-Agent: ${userAgent}\r\n`
  const form = `${common}Origin: http://${host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n`
  const get = (path: string, token: string) => getAs(port, path, token)
  const post = (path: string, body: string, cookie = "") =>
    `POST ${path} HTTP/1.1\r\n${form}${cookie && `Cookie: ${cookie}\r\n`}Content-Length: ${body.length}\r\n\r\n${body}`
  const stamp = madeStamp()
  return {
    sessionCheck: (token: string) => get("/api/auth/profile", token),
    /** The same by an access token. */
    bearerCheck: (token: string) =>
      `GET /api/auth/profile HTTP/1.1\r\n${common}Authorization: Bearer ${token}\r\n\r\n`,
    /** Another spelling of the same address: only the exact one is answered in front of Remix. */
    sessionCheckInRemix: (token: string) => get("/api/auth/profile/", token),
    page: (token: string) => get("/account/devices", token),
    requestLink: (email: string) =>
      post("/login", `email=${encodeURIComponent(email)}&website=&made=${stamp}`),
    spendLink: (token: string, requestMark: string) =>
      post(`/login/link?token=${token}`, `token=${token}`, `gatehouse-request=${requestMark}`),
  }
}

export type Requests = ReturnType<typeof requestsFor>

/** The request cookie of the browser that asked for pre-issued link `i`. */
export function requestMarkOf(i: number): string {
  return `${benchToken("request", i)}.${Buffer.from(addressOf(i)).toString("base64url")}`
}

let stamp: string | undefined

/** Signed as if the page had been opened five seconds ago: a form that comes back sooner than a person can type is a bot's. */
function madeStamp(): string {
  if (stamp) return stamp
  setEnv({ APP_SECRET: appSecret })
  setClock(() => Date.now() - 5_000)
  stamp = formStamp()
  setClock()
  return stamp
}
