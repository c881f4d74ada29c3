import { parseSetCookie } from "cookie"
import { findSessionById } from "~/domain/accounts/sessions.server"
import { issueAccessToken } from "~/domain/sign-in/access-tokens.server"
import { completeSignIn } from "~/domain/sign-in/complete-sign-in.server"
import { openFamily } from "~/domain/sign-in/refresh-tokens.server"
import { transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"

export type Called = { status: number; headers: Headers; text: string; json: ReturnType<typeof JSON.parse> }

/** A program that calls the API: it keeps its refresh token as a cookie jar would, and sends what it is told to. */
export class Program {
  accessToken = ""
  refreshToken: string | undefined
  sessionId = ""

  constructor(
    readonly base: string,
    readonly userAgent = "Ledger/2.1 (backend)",
  ) {}

  /** Calls with the access token. If that ends by it, it goes on with the one it is given. */
  async call(method: string, path: string, body?: unknown, token = this.accessToken): Promise<Called> {
    const called = await this.send(method, path, body, { Authorization: `Bearer ${token}` })
    const isRenewed = called.status < 300 && called.json?.accessToken && token === this.accessToken
    if (isRenewed) this.accessToken = called.json.accessToken
    return called
  }

  /** Calls with the refresh cookie, as only addresses under /api/auth get it. */
  async withCookie(path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Called> {
    const called = await this.send("POST", path, body, {
      ...(this.refreshToken && { Cookie: `gatehouse-refresh=${this.refreshToken}` }),
      Origin: this.base,
      ...headers,
    })
    for (const line of called.headers.getSetCookie()) {
      const { name, value } = parseSetCookie(line)
      if (name === "gatehouse-refresh") this.refreshToken = value || undefined
    }
    if (called.status === 200 && called.json.accessToken) this.accessToken = called.json.accessToken
    return called
  }

  async send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Called> {
    const answer = await fetch(this.base + path, {
      method,
      redirect: "manual",
      headers: {
        "User-Agent": this.userAgent,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: text ? JSON.parse(text) : undefined }
  }
}

/** Signs a person's program in: a session, the first refresh token and an access token that speaks of no organisation. */
export async function signInProgram(program: Program, user: User): Promise<Program> {
  const requester = { userAgent: program.userAgent, clientAddress: "192.0.2.8" }
  const entry = await transaction(tx => completeSignIn(tx, { user, way: "password", requester }))
  if (!entry.ok || entry.value.kind !== "session") throw new Error("The program was not let in.")
  program.sessionId = entry.value.sessionId
  program.refreshToken = await openFamily(program.sessionId)
  const signedIn = findSessionById(program.sessionId)
  if (!signedIn) throw new Error("The program's session is over.")
  program.accessToken = await issueAccessToken(signedIn, null)
  return program
}
