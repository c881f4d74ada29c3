import { z } from "zod"
import { issueLink } from "~/domain/links/issue.server"
import { issueProofCode } from "~/domain/links/proof-code.server"
import { issueUndoToken } from "~/domain/links/undo-token.server"
import { spendMailBudget } from "~/domain/mail/budget.server"
import type { Message } from "~/domain/mail/message"
import { isMessageName, messages } from "~/domain/mail/messages.server"
import { printForOperator } from "~/domain/mail/operator-links.server"
import { type RenderedMail, renderMail } from "~/domain/mail/render.server"
import { type MailShare, shareOf } from "~/domain/mail/shares.server"
import { isSuppressed } from "~/domain/mail/suppression.server"
import { paths } from "~/lib/paths"
import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { joiningStatement, type Stored } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"
import { failpoint } from "~/platform/failpoint.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import { mailer } from "~/platform/mailer.server"
import type { Mail } from "~/platform/models.server"

export type MailState = "queued" | "sent" | "failed" | "expired" | "suppressed" | "not_set_up"

const stored = z.object({
  parameters: z.unknown(),
  link: z
    .object({
      emailTyped: z.string().optional(),
      userId: z.string().optional(),
      organizationId: z.string().optional(),
      invitationId: z.string().optional(),
      redirectTo: z.string().optional(),
      requestHash: z.string().optional(),
      clientAddress: z.string().optional(),
      userAgent: z.string().optional(),
      requestedAt: z.coerce.date().optional(),
    })
    .optional(),
  proofCodeId: z.string().optional(),
  emailChangeId: z.string().optional(),
})

type Stores = z.output<typeof stored>

/** Sends one mail of the outbox. Safe to run again: a mail that is no longer queued is left alone. */
export const sendMail = defineJob({
  kind: "mail.send",
  payload: z.object({ mailId: z.string() }),
  attempts: 8,
  run: async ({ mailId }, job) => {
    const mail = await findMail(mailId)
    if (mail?.state !== "queued" || !isMessageName(mail.template)) return
    if (mail.expiresAt && mail.expiresAt <= now())
      return mark(mail, "expired", "Not sent before its link ran out.")
    if (await isSuppressed(mail.recipient))
      return mark(mail, "suppressed", "The address is on the suppression list.")
    const stores = stored.parse(JSON.parse(mail.parameters))
    const share = shareOf(mail.template, { hasAccount: stores.link?.userId !== undefined })
    if (!(await withinBudget(mail, share))) return
    const { rendered, linkId } = await prepare(mail, messages[mail.template], stores)
    if (!env().smtp) return withoutSmtp(mail, rendered, linkId)
    const sent = await mailer().send({
      to: mail.recipient,
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      id: mail.id,
    })
    if (sent.ok) {
      failpoint("mail.accepted")
      return mark(mail, "sent", sent.value.answer, { messageId: sent.value.messageId, sentAt: now(), linkId })
    }
    log.warn({ mail: mail.id, template: mail.template, kind: sent.error.kind }, "mail failed")
    const { permanent, words, answer } = sent.error
    if (permanent || job.lastAttempt) return mark(mail, "failed", `${words} ${answer}`.trim())
    await db().mail.update({
      where: { id: mail.id },
      data: { attempts: job.attempt, answer: `${words} Gatehouse tries again by itself. ${answer}`.trim() },
    })
    throw new Error(sent.error.words)
  },
})

const byId = joiningStatement<[string], Stored<Mail>>("SELECT * FROM Mail WHERE id = ?")

async function findMail(id: string): Promise<Mail | undefined> {
  const row = await byId.get(db(), id)
  if (!row) return undefined
  const { expiresAt, sentAt } = row
  return {
    ...row,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    createdAt: new Date(row.createdAt),
    sentAt: sentAt === null ? null : new Date(sentAt),
  }
}

/** Makes the link or code at the moment of sending, so that no token ever waits in a queue. */
async function prepare(mail: Mail, message: Message, stores: Stores) {
  const { parameters, link, proofCodeId, emailChangeId } = stores
  if (message.carriesProof && proofCodeId) {
    const code = await issueProofCode(db(), proofCodeId)
    return { rendered: await renderMail(message, parameters, { code }) }
  }
  if (message.carriesUndo && emailChangeId) {
    const token = await issueUndoToken(db(), emailChangeId)
    const path = token && paths.account.emailUndo(token)
    return { rendered: await renderMail(message, parameters, { path }) }
  }
  const issued = message.purpose
    ? await issueLink(db(), { ...link, purpose: message.purpose, email: mail.recipient })
    : undefined
  return { rendered: await renderMail(message, parameters, issued), linkId: issued?.id }
}

/** Whether the budget of this hour has room; otherwise the mail is sent when it has. */
async function withinBudget(mail: Mail, share: MailShare): Promise<boolean> {
  const spent = await spendMailBudget({ share, organizationId: mail.organizationId })
  if (spent.ok) return true
  const runAt = fromNow(spent.error.retryAfterSeconds * 1000)
  await sendMail.enqueue(db(), { mailId: mail.id }, { runAt })
  return false
}

async function withoutSmtp(mail: Mail, rendered: RenderedMail, linkId?: string): Promise<void> {
  await printForOperator(mail.recipient, rendered)
  return mark(mail, "not_set_up", "Mail is not set up.", { linkId })
}

type Handled = Pick<Stored<Mail>, "id" | "state" | "answer" | "messageId" | "sentAt" | "linkId">

const handled = joiningStatement<[Handled]>(`
  UPDATE Mail SET state = @state, answer = @answer, messageId = @messageId, sentAt = @sentAt, linkId = @linkId
  WHERE id = @id AND state = 'queued'`)

async function mark(
  mail: Mail,
  state: MailState,
  answer: string,
  more: { messageId?: string; sentAt?: Date; linkId?: string } = {},
): Promise<void> {
  const { messageId = null, linkId = null } = more
  const sentAt = more.sentAt ? +more.sentAt : null
  await handled.run(db(), { id: mail.id, state, answer, messageId, sentAt, linkId })
  log.info({ mail: mail.id, template: mail.template, state }, "mail handled")
}
