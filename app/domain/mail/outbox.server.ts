/**
 * The outbox [M1]. A mail is a row written in the business transaction, with a template's name and plain parameters and never
 * a token; the job beside it sends. A crash between the provider's answer and the mark sends once more at most, never zero.
 */
import type { z } from "zod"
import type { LinkRequest } from "~/domain/links/issue.server"
import { type MessageName, messages } from "~/domain/mail/messages.server"
import { sendMail } from "~/domain/mail/send.server"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { joiningStatement, type Stored } from "~/platform/db-statement.server"
import { newId } from "~/platform/ids.server"
import type { Mail } from "~/platform/models.server"

export type QueuedMail<N extends MessageName> = {
  template: N
  /** Canonical address. */
  to: string
  parameters: z.input<(typeof messages)[N]["parameters"]>
  /** What the link that is made while sending will carry; its purpose is the message's. */
  link?: Omit<LinkRequest, "purpose" | "email">
  /** The row of the proof code that is made while sending. */
  proofCodeId?: string
  /** The change of address whose way back is made while sending. */
  emailChangeId?: string
  /** The organisation the mail speaks of; erased with it. */
  organizationId?: string
  /** At most one mail per key, ever. */
  dedupeKey?: string
  /** Not worth sending after this. */
  expiresAt?: Date
  /** Takes the place of mails of this template, to this address and about this organisation, that still wait. */
  replacesWaiting?: true
}

type NewMail = Pick<
  Stored<Mail>,
  "id" | "template" | "recipient" | "parameters" | "organizationId" | "dedupeKey" | "expiresAt" | "createdAt"
>

const insert = joiningStatement<[NewMail]>(`
  INSERT INTO Mail (id, template, recipient, parameters, organizationId, dedupeKey, expiresAt, createdAt)
  VALUES (@id, @template, @recipient, @parameters, @organizationId, @dedupeKey, @expiresAt, @createdAt)
  ON CONFLICT (dedupeKey) DO NOTHING`)

/** Queues a mail in the caller's transaction. Returns false when one with this `dedupeKey` was queued before. */
export async function queueMail<N extends MessageName>(
  client: Client,
  mail: QueuedMail<N>,
): Promise<boolean> {
  const id = newId()
  const { link, proofCodeId, emailChangeId } = mail
  const parameters = messages[mail.template].parameters.parse(mail.parameters)
  const queued = await insert.run(client, {
    id,
    template: mail.template,
    recipient: mail.to,
    parameters: JSON.stringify({ parameters, link, proofCodeId, emailChangeId }),
    organizationId: mail.organizationId ?? mail.link?.organizationId ?? null,
    dedupeKey: mail.dedupeKey ?? null,
    expiresAt: mail.expiresAt ? +mail.expiresAt : null,
    createdAt: +now(),
  })
  if (queued === 0) return false
  if (mail.replacesWaiting) await dropWaiting(client, mail, id)
  await sendMail.enqueue(client, { mailId: id })
  return true
}

/** One that is being sent at this moment goes out all the same. */
async function dropWaiting<N extends MessageName>(client: Client, mail: QueuedMail<N>, id: string) {
  const { template, to: recipient, organizationId } = mail
  await client.mail.updateMany({
    where: { template, recipient, organizationId, state: "queued", id: { not: id } },
    data: { state: "expired", answer: "A later mail took its place." },
  })
}
