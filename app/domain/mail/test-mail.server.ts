import { testMail } from "~/domain/mail/messages/test-mail"
import { renderMail } from "~/domain/mail/render.server"
import { err, type Result } from "~/lib/result"
import { env } from "~/platform/env.server"
import { mailer } from "~/platform/mailer.server"

/**
 * Sends a test mail right now, the way real mail goes [M2], but once only and past the outbox. Returns the server's answer, or
 * in plain words what is wrong and what to do.
 */
export async function sendTestMail(to: string): Promise<Result<{ answer: string }, { words: string }>> {
  if (!env().smtp) return err({ words: "Mail is not set up. Set SMTP_HOST and MAIL_FROM, then start again." })
  const { subject, html, text } = await renderMail(testMail, {})
  const sent = await mailer().send({ to, subject, html, text })
  if (sent.ok) return sent
  const { words, answer } = sent.error
  const said = answer && ` The server said: ${answer}`
  return err({ words: `The test mail was not sent. ${words}${said}` })
}
