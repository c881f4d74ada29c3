import { createHash, randomUUID } from "node:crypto"
import type { Bounds, Level, Right } from "../billing/lives/oracle"
import type { Witness } from "../billing/lives/witness"
import { Browser } from "../support/browser"
import type { Server } from "./server"

type Place = { id: string; slug: string; name: string; userId: string }

/** What a level looks like from outside: to whoever wants to change something. */
type Answer = "open" | "read_only" | "archived"
const answerAt: Record<Level, Answer> = {
  none: "open",
  pending: "open",
  full: "open",
  read_only: "read_only",
  archived: "archived",
}

/** What the running server says to the owners, beside what Stripe's books say: wrong answers in words. */
export async function wrongAnswers(server: Server, witness: Witness): Promise<string[]> {
  const due = witness.due()
  const places = server.rows<Place>(`
    SELECT o.id, o.slug, o.name, m.userId FROM Organization o
    JOIN Membership m ON m.organizationId = o.id AND m.role = 'owner'`)
  const problems: string[] = []
  for (const place of places) {
    const bounds = due.get(place.id)
    if (bounds) problems.push(...(await wrongAtPlace(server, place, bounds)))
  }
  for (const { id, provisionedAt } of witness.purchases.values()) {
    const [session] = server.account.context.ledger.sessions.filter(row => row.client_reference_id === id)
    if (session && provisionedAt !== null) problems.push(...(await wrongStatus(server, session.id)))
  }
  return problems
}

async function wrongAtPlace(server: Server, place: Place, { least, most }: Bounds): Promise<string[]> {
  const owner = signedIn(server, place.userId)
  const page = await owner.get(`/o/${place.slug}/billing`)
  const asked = await owner.post(`/o/${place.slug}/settings`, { name: place.name })
  const said = answerOf(asked.status, asked.body)
  const allowed = [least, most].map(right => answerAt[right.level])
  const problems: string[] = []
  if (page.status !== 200) problems.push(`${place.id}: its billing page answers ${page.status}`)
  else if (same(least, most) && most.plan && !textOf(page.body).includes(titleOf(most.plan)))
    problems.push(`${place.id}: its billing page does not name ${most.plan}`)
  if (!said || !allowed.includes(said))
    problems.push(
      `${place.id}: a change is answered with ${asked.status} ${said}; due is ${allowed.join(" to ")}`,
    )
  return problems
}

async function wrongStatus(server: Server, sessionId: string): Promise<string[]> {
  const { status, body } = await new Browser(server.url).get(`/api/billing/status?session_id=${sessionId}`)
  return status === 200 && body.includes('"status":"active"')
    ? []
    : [`page ${sessionId} is provisioned, and its status is ${status} ${body.slice(0, 200)}`]
}

function answerOf(status: number, body: string): Answer | undefined {
  if (status < 400) return "open"
  if (status !== 403) return undefined
  const words = textOf(body)
  if (words.includes("it can be read and exported, but not changed")) return "read_only"
  return words.includes("archived") ? "archived" : undefined
}

/** An owner whose session lies in the file, as sign-in would have written it. */
function signedIn(server: Server, userId: string): Browser {
  const token = randomUUID()
  const at = server.now()
  server.write("UPDATE User SET provenAt = ? WHERE id = ? AND provenAt IS NULL", at, userId)
  server.write(
    `INSERT INTO Session (id, tokenHash, userId, method, createdAt, lastSeenAt, provenAt, expiresAt, userAgent, clientAddress)
     VALUES (?, ?, ?, 'link', ?, ?, ?, ?, '', '127.0.0.1')`,
    randomUUID().replaceAll("-", ""),
    createHash("sha256").update(token).digest("base64url"),
    userId,
    at,
    at,
    at,
    at + 60 * 60 * 1_000,
  )
  const browser = new Browser(server.url)
  browser.cookies.set("gatehouse", token)
  return browser
}

const same = (a: Right, b: Right) => a.level === b.level && a.plan === b.plan
const titleOf = (plan: string) => plan.slice(0, 1).toUpperCase() + plan.slice(1)
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")
