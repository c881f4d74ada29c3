import { createTransport, type NodemailerError, type SendMailOptions } from "nodemailer"
import { err, ok, type Result } from "~/lib/result"
import { env } from "~/platform/env.server"
import { oneLine, parseMailAddress } from "~/platform/mailer-address.server"
import { cleanAnswer } from "~/platform/mailer-answer.server"
import { explain, type SendFailure } from "~/platform/mailer-failure.server"
import { mailHeaders, withoutSesTracking } from "~/platform/mailer-headers.server"
import { type TlsSetting, tlsMode, tlsOptions } from "~/platform/mailer-tls.server"

/*
 * The wire of mail: one message to one mailbox over a pooled SMTP connection [M2]. It promises that nothing a user typed
 * can add a recipient or a header, that neither password nor token ever stands in a failure, and that every attempt ends.
 * It never repeats a message it may have handed over: an attempt whose answer was lost is a failure, and the outbox,
 * which knows what it may send twice, decides.
 */

export type MailSettings = {
  host: string
  port: number
  user?: string | undefined
  password?: string | undefined
  tls: TlsSetting
  /** `name@example.com` or `Name <name@example.com>`. */
  from: string
  replyTo?: string | undefined
  /** False takes any certificate. Only for tests and a server on one's own network. */
  rejectUnauthorized?: boolean
  timeouts?: Partial<Timeouts>
}

/** Milliseconds. `answer` is the longest silence of the server, `total` the longest attempt including the queue. */
type Timeouts = { connection: number; greeting: number; answer: number; total: number }

export type OutgoingMail = {
  to: string
  subject: string
  html: string
  text: string
  headers?: Record<string, string>
  replyTo?: string
  /** Makes the Message-ID, so that a mail sent twice after a crash can be shown once. Letters, digits, `.`, `_`, `-`. */
  id?: string
}

export type { SendFailure }

export type Mailer = {
  /** Hands one mail to the server. `answer` is what the server said. */
  send(mail: OutgoingMail): Promise<Result<{ messageId: string; answer: string }, SendFailure>>
  /** Connects, encrypts and logs in as `send` would, and sends nothing. */
  verify(): Promise<Result<{ words: string }, SendFailure>>
  /** Lets mails under way finish for at most `graceMs`, then hangs up. */
  close(graceMs?: number): Promise<void>
}

// A server may scan a message for a while before it answers; a dead one must not block a connection for minutes.
const defaultTimeouts: Timeouts = { connection: 10_000, greeting: 10_000, answer: 60_000, total: 120_000 }

const modeWords = { implicit: "with TLS", starttls: "with STARTTLS", none: "without encryption" }

export function createMailer(settings: MailSettings): Mailer {
  const { host, port, user, password } = settings
  const mode = tlsMode(settings.tls, host, port)
  const timeouts = { ...defaultTimeouts, ...settings.timeouts }
  // nodemailer sets TCP_NODELAY itself (since 10.1); without it a local relay takes 90 mails a second instead of 2,800.
  const transport = createTransport({
    pool: true,
    host,
    port,
    ...tlsOptions(mode),
    tls: { rejectUnauthorized: settings.rejectUnauthorized ?? true },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
    maxConnections: 5,
    maxRequeues: 1,
    idleTimeout: 60_000,
    dnsTimeout: timeouts.connection,
    connectionTimeout: timeouts.connection,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.answer,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const underWay = new Set<Promise<unknown>>()

  function failure(error: NodemailerError, content?: string): SendFailure {
    const verdict = explain(error, { host, port, mode, user })
    return { ...verdict, answer: cleanAnswer(error.response ?? "", settings, content) }
  }

  return {
    async send(mail) {
      const message = compose(mail, settings)
      if (!message.ok) return message
      const sending = transport.sendMail({ ...message.value, signal: AbortSignal.timeout(timeouts.total) })
      underWay.add(sending)
      const content = `${mail.subject}\n${mail.text}\n${mail.html}`
      try {
        const { messageId, response } = await sending
        return ok({ messageId, answer: cleanAnswer(response, settings, content) })
      } catch (error) {
        return err(failure(asError(error), content))
      } finally {
        underWay.delete(sending)
      }
    },

    async verify() {
      try {
        await transport.verify()
        return ok({
          words: `${host} answers on port ${port} ${modeWords[mode]}${user ? " and took the login" : ""}.`,
        })
      } catch (error) {
        return err(failure(asError(error)))
      }
    },

    async close(graceMs = 10_000) {
      const grace = new Promise(resolve => setTimeout(resolve, graceMs).unref())
      await Promise.race([Promise.allSettled(underWay), grace])
      transport.close({ force: true })
    },
  }
}

let current: Mailer | undefined

/** The mailer of this process, made from the settings at first use. Ask only where mail is set up [M4]. */
export function mailer(): Mailer {
  if (current) return current
  const { smtp } = env()
  if (!smtp) throw new Error("The mailer was asked for although SMTP_HOST is not set.")
  current = createMailer(smtp)
  return current
}

/** For tests: the mailer everything in this process sends through; undefined returns to the settings. */
export function setMailer(replacement: Mailer | undefined): void {
  current = replacement
}

/** For the graceful stop: closes the mailer of this process if there is one. */
export async function closeMailer(): Promise<void> {
  await current?.close()
  current = undefined
}

function compose(mail: OutgoingMail, settings: MailSettings): Result<SendMailOptions, SendFailure> {
  const from = parseMailAddress(settings.from)
  if (!from.ok) {
    return refuse("sender-refused", false, `MAIL_FROM cannot be used: ${from.error}. Set it to one address.`)
  }
  const to = parseMailAddress(mail.to)
  if (!to.ok) return refuse("recipient-refused", true, `The mail has no usable recipient: ${to.error}.`)
  const answersTo = mail.replyTo ?? settings.replyTo
  const replyTo = answersTo === undefined ? undefined : parseMailAddress(answersTo)
  if (replyTo && !replyTo.ok) {
    return refuse("other", mail.replyTo !== undefined, `The reply address cannot be used: ${replyTo.error}.`)
  }
  const headers = mailHeaders(mail.headers)
  if (!headers.ok) return refuse("other", true, `The header ${oneLine(headers.error)} may not be set.`)
  if (mail.id !== undefined && !/^[\w.-]{1,120}$/.test(mail.id)) {
    return refuse("other", true, "The mail's id cannot stand in a Message-ID.")
  }
  const domain = from.value.address.slice(from.value.address.lastIndexOf("@") + 1)
  return ok({
    from: from.value,
    to: to.value,
    ...(replyTo ? { replyTo: replyTo.value } : {}),
    envelope: { from: from.value.address, to: [to.value.address] },
    ...(mail.id === undefined ? {} : { messageId: `<${mail.id}@${domain}>` }),
    subject: oneLine(mail.subject),
    html: withoutSesTracking(mail.html),
    text: mail.text,
    headers: headers.value,
  })
}

function refuse(kind: SendFailure["kind"], permanent: boolean, words: string): Result<never, SendFailure> {
  return err({ kind, permanent, words, answer: "" })
}

function asError(thrown: unknown): NodemailerError {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
