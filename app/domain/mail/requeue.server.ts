/**
 * Mails of purchases that were written while mail was not set up [M1]. Whoever paid has no other way in, so they go out once
 * SMTP is there. Of a mail that was asked for several times the latest goes; someone who got in meanwhile needs no activation.
 */
import type { MessageName } from "~/domain/mail/messages.server"
import { sendMail } from "~/domain/mail/send.server"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"
import type { Mail } from "~/platform/models.server"

/** What goes out once mail is set up: until then its parameters are needed. */
export const ofPurchases: MessageName[] = ["activation", "purchase_existing_user", "payment_on_its_way"]

/** Queues what was bought for and never sent, for the start of the process. Returns how many; 0 while mail is not set up. */
export async function requeuePurchaseMails(): Promise<number> {
  if (!env().smtp) return 0
  const unsent = await db().mail.findMany({
    where: {
      state: "not_set_up",
      template: { in: ofPurchases },
      OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }],
    },
    orderBy: { createdAt: "asc" },
  })
  const latest = new Map(unsent.map(mail => [`${mail.template} ${mail.recipient} ${mail.parameters}`, mail]))
  let requeued = 0
  for (const mail of latest.values()) if (await requeue(mail)) requeued += 1
  if (requeued > 0) log.info({ requeued }, "mails of purchases were queued again")
  return requeued
}

async function requeue({ id, template, recipient, parameters, createdAt }: Mail): Promise<boolean> {
  return transaction(async tx => {
    const same = { template, recipient, parameters }
    const later = { ...same, state: { in: ["queued", "sent"] }, createdAt: { gt: createdAt } }
    const known = await tx.user.findUnique({ where: { email: recipient }, select: { provenAt: true } })
    const isIn = template === "activation" && known !== null && known.provenAt !== null
    if (isIn || (await tx.mail.count({ where: later })) > 0) return false
    const moved = await tx.mail.updateMany({
      where: { id, state: "not_set_up" },
      data: { state: "queued", answer: null },
    })
    if (moved.count === 0) return false
    await sendMail.enqueue(tx, { mailId: id })
    return true
  })
}
