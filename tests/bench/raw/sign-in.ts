import { createHmac, timingSafeEqual } from "node:crypto"
import { hashOf, newId, newToken, type Raw, type Requester } from "./database"

const limits = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
const spends = new Map<string, number>()

/** Reads the form, counts the limits and stores the job that will mail a link: one row, one commit. */
export function requestLink(db: Raw, form: URLSearchParams, requester: Requester, secret: string) {
  const typed = form.get("email")?.normalize("NFC").trim() ?? ""
  const email = typed.toLowerCase()
  if (!/^[^\s@]{1,64}@[a-z0-9.-]{3,253}$/.test(email)) return undefined
  if (form.get("website") || !isStamp(form.get("made") ?? "", secret)) return undefined
  for (const limit of limits) limit.set(email, (limit.get(email) ?? 0) + 1)
  const token = newToken()
  const at = Date.now()
  const payload = { email, emailTyped: typed, requestHash: hashOf(token), ...requester, requestedAt: at }
  statements(db).job.run(newId(), "sign-in.request", JSON.stringify(payload), at, at)
  const value = `${token}.${Buffer.from(typed).toString("base64url")}`
  return { cookie: `gatehouse-request=${value}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax` }
}

/** Spends a link and makes the session: the same rows as ours in one transaction. Returns the cookie. */
export function spendLink(db: Raw, token: string, requester: Requester): string | undefined {
  const s = statements(db)
  spends.set(requester.clientAddress, (spends.get(requester.clientAddress) ?? 0) + 1)
  const at = Date.now()
  const sessionToken = newToken()
  const spent = db.writer.transaction(() => {
    const link = s.link.get(hashOf(token))
    if (!link || link.usedAt !== null || link.voidedAt !== null || link.expiresAt <= at) return false
    const user = s.user.get(link.email)
    if (!user || user.disabledAt !== null) return false
    if (s.spend.run(at, user.id, link.id).changes === 0) return false
    s.spendSiblings.run(at, link.requestHash)
    s.prove.run(at, user.id)
    const known = s.knownDevices.all(user.id)
    const { userAgent, clientAddress } = requester
    s.session.run(newId(), hashOf(sessionToken), user.id, at, at, at + lifetime, at, userAgent, clientAddress)
    s.signedIn.run(at, user.id)
    const seenBefore = known.some(device => device.userAgent === userAgent)
    s.event.run(newId(), user.id, seenBefore ? "link" : "link, new device", clientAddress, userAgent, at)
    return true
  })
  if (!spent.immediate()) return undefined
  return `gatehouse=${sessionToken}; Max-Age=${lifetime / 1000}; Path=/; HttpOnly; SameSite=Lax`
}

const lifetime = 90 * 24 * 60 * 60 * 1000

function isStamp(stamp: string, secret: string): boolean {
  const [made = "", mac = ""] = stamp.split(".")
  const right = createHmac("sha256", secret).update(`form-stamp\0${made}`).digest("base64url")
  const same = mac.length === right.length && timingSafeEqual(Buffer.from(mac), Buffer.from(right))
  return same && Date.now() - Number(made) >= 600
}

type LinkRow = {
  id: string
  email: string
  requestHash: string
  usedAt: number | null
  voidedAt: number | null
  expiresAt: number
}

let prepared: ReturnType<typeof prepare> | undefined

function statements(db: Raw) {
  prepared ??= prepare(db)
  return prepared
}

function prepare({ writer }: Raw) {
  return {
    job: writer.prepare("INSERT INTO Job (id, kind, payload, runAt, createdAt) VALUES (?, ?, ?, ?, ?)"),
    link: writer.prepare<[string], LinkRow>("SELECT * FROM Link WHERE tokenHash = ? AND purpose = 'sign_in'"),
    user: writer.prepare<[string], { id: string; disabledAt: number | null }>(
      "SELECT id, disabledAt FROM User WHERE email = ?",
    ),
    spend: writer.prepare("UPDATE Link SET usedAt = ?, usedByUserId = ? WHERE id = ? AND usedAt IS NULL"),
    spendSiblings: writer.prepare("UPDATE Link SET usedAt = ? WHERE requestHash = ? AND usedAt IS NULL"),
    prove: writer.prepare("UPDATE User SET provenAt = ? WHERE id = ? AND provenAt IS NULL"),
    knownDevices: writer.prepare<[string], { userAgent: string }>(
      "SELECT DISTINCT userAgent FROM Session WHERE userId = ?",
    ),
    session: writer.prepare(`INSERT INTO Session
      (id, tokenHash, userId, createdAt, lastSeenAt, expiresAt, provenAt, userAgent, clientAddress)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    signedIn: writer.prepare("UPDATE User SET lastSignInAt = ? WHERE id = ?"),
    event: writer.prepare(`INSERT INTO SecurityEvent (id, userId, kind, detail, clientAddress, userAgent, at)
      VALUES (?, ?, 'sign_in', ?, ?, ?, ?)`),
  }
}
