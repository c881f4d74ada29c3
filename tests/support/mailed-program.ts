import type { Browser, Visit } from "./browser"
import { minutes } from "./clock"
import type { World } from "./world"

export type Answered = Visit & { json: ReturnType<typeof JSON.parse> }

/** Calls an endpoint of the API by the cookies and headers of this browser. Reads with GET, where nothing is sent. */
export async function call(
  browser: Browser,
  path: string,
  body?: unknown,
  method = body === undefined ? "GET" : "POST",
): Promise<Answered> {
  const visit = await (body === undefined ? browser.get(path, {}, method) : browser.json(path, body, method))
  return { ...visit, json: visit.body ? JSON.parse(visit.body) : undefined }
}

/** What a call was refused with. */
export const codeOf = ({ status, json }: Answered) => [status, json?.error?.code]

export type Mailed = { request: string; token: string; code: string }

/** Asks for something to be mailed, lets the mail go out, and reads it. */
export async function mailed(
  w: World,
  email: string,
  { path = "/api/auth/login", browser = w.browser(), ...body }: MailedBy = {},
): Promise<Mailed> {
  w.clock.advance(minutes(2))
  const asked = await call(browser, path, { email, ...body })
  if (asked.status !== 202) throw new Error(`${path} answered ${asked.status}: ${asked.body}`)
  await w.settle()
  const mail = w.mailbox.latestTo(email.toLowerCase())
  const token = new URL(mail.link ?? "").searchParams.get("token") ?? ""
  return { request: asked.json.request, token, code: mail.code ?? "" }
}

type MailedBy = { path?: string; browser?: Browser; [field: string]: unknown }

/** Whom an access token stands for, as the API itself says. */
export async function whoseToken(w: World, accessToken: string): Promise<string | undefined> {
  const answer = await fetch(`${w.url}/api/auth/profile`, {
    headers: { Authorization: `Bearer ${accessToken}` },
  })
  return answer.status === 200 ? (await answer.json()).user.email : undefined
}
