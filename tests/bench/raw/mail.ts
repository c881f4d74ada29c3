import { createHmac, randomInt } from "node:crypto"
import { createTransport } from "nodemailer"
import { hashOf, newId, newToken, type Raw } from "./database"

type Job = { id: string; kind: string; payload: string }
type Settings = { appUrl: string; smtpPort: string | undefined; secret: string }

const concurrency = 5
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * The way of a mail as ours: the request's job becomes a mail with a job of its own, that one makes the link and talks to the
 * same SMTP server through the same nodemailer. Each step is its own commit, so that a crash loses nothing.
 */
export function mailWorker(db: Raw, { appUrl, smtpPort, secret }: Settings): () => void {
  const s = prepare(db)
  const transport = createTransport({
    pool: true,
    maxConnections: concurrency,
    host: "127.0.0.1",
    port: Number(smtpPort),
    secure: false,
    ignoreTLS: true,
  })
  let running = 0
  let woken = false

  function wake(): void {
    if (woken || running >= concurrency || !smtpPort) return
    woken = true
    setImmediate(() => {
      woken = false
      for (const job of s.due.all(Date.now(), concurrency - running)) void take(job)
    })
  }

  async function take(job: Job): Promise<void> {
    if (s.claim.run(Date.now() + 30_000, job.id).changes === 0) return
    running += 1
    if (job.kind === "sign-in.request") decide(job)
    else await send(job)
    s.settle.run(Date.now(), job.id)
    running -= 1
    wake()
  }

  const decideInOne = db.writer.transaction((asked: { email: string; requestHash: string }) => {
    const at = Date.now()
    const user = s.user.get(asked.email)
    const id = newId()
    s.mail.run(
      id,
      asked.email,
      JSON.stringify({ link: { ...asked, userId: user?.id } }),
      newId(),
      at + 900_000,
      at,
    )
    s.job.run(newId(), JSON.stringify({ mailId: id }), at, at)
  })

  function decide(job: Job): void {
    decideInOne.immediate(JSON.parse(job.payload))
  }

  async function send(job: Job): Promise<void> {
    const mail = s.findMail.get(JSON.parse(job.payload).mailId)
    if (!mail || s.suppressed.get(mail.recipient)) return
    const { link } = JSON.parse(mail.parameters)
    const token = newToken()
    const code = Array.from({ length: 6 }, () => alphabet[randomInt(32)]).join("")
    const codeHash = createHmac("sha256", secret).update(`${link.requestHash}\0${code}`).digest("base64url")
    const at = Date.now()
    const { requestHash, userId, clientAddress, userAgent } = link
    const owner = [mail.recipient, mail.recipient, userId, clientAddress, userAgent]
    s.link.run(newId(), hashOf(token), codeHash, requestHash, ...owner, at, at, at + 900_000)
    const href = `${appUrl}/login/link?token=${token}`
    const { messageId, response } = await transport.sendMail({
      from: "Gatehouse <hello@gatehouse.test>",
      to: mail.recipient,
      subject: "Sign in to Gatehouse",
      text: `Sign in:\n${href}\n\nOr type this code where you asked for it: ${code}`,
      html: `<!DOCTYPE html><html lang="en"><body><p>Sign in:</p><p><a href="${href}">Sign in</a></p><p>${code}</p></body></html>`,
    })
    s.sent.run(response, messageId, Date.now(), mail.id)
  }

  return wake
}

function prepare({ writer, reader }: Raw) {
  return {
    due: reader.prepare<[number, number], Job>(
      "SELECT id, kind, payload FROM Job WHERE state = 'queued' AND runAt <= ? ORDER BY runAt LIMIT ?",
    ),
    claim: writer.prepare(
      "UPDATE Job SET state = 'running', leaseUntil = ?, attempts = attempts + 1 WHERE id = ? AND state = 'queued'",
    ),
    settle: writer.prepare("UPDATE Job SET state = 'done', leaseUntil = NULL, finishedAt = ? WHERE id = ?"),
    user: writer.prepare<[string], { id: string }>("SELECT id, disabledAt FROM User WHERE email = ?"),
    mail: writer.prepare(`INSERT INTO Mail (id, template, recipient, parameters, dedupeKey, expiresAt, createdAt)
      VALUES (?, 'sign_in', ?, ?, ?, ?, ?)`),
    job: writer.prepare(
      "INSERT INTO Job (id, kind, payload, runAt, createdAt) VALUES (?, 'mail.send', ?, ?, ?)",
    ),
    findMail: reader.prepare<[string], { id: string; recipient: string; parameters: string }>(
      "SELECT id, recipient, parameters FROM Mail WHERE id = ? AND state = 'queued'",
    ),
    suppressed: reader.prepare("SELECT 1 FROM Suppression WHERE email = ?"),
    link: writer.prepare(`INSERT INTO Link
      (id, purpose, tokenHash, codeHash, requestHash, email, emailTyped, userId, clientAddress, userAgent, requestedAt, createdAt, expiresAt)
      VALUES (?, 'sign_in', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    sent: writer.prepare(
      "UPDATE Mail SET state = 'sent', answer = ?, messageId = ?, sentAt = ? WHERE id = ?",
    ),
  }
}
