import type { MessageName } from "~/domain/mail/messages.server"
import { type QueuedMail, queueMail } from "~/domain/mail/outbox.server"
import { plainName } from "~/domain/organizations/plain-name"
import type { Tx } from "~/platform/db.server"

/** Who reads a mail about payments: someone who can put it right, or the billing address, which may be nobody's here. */
export type Payer = { to: "owner" | "billing_address"; organizationName: string; organizationSlug: string }

/**
 * Queues a mail about the plan to every owner who can sign in, and to the billing address, in the caller's transaction. What it
 * is `about` is told once, ever: who becomes an owner later does not get it too. Returns false when it had been told.
 */
export async function tellPayers<N extends MessageName>(
  tx: Tx,
  organizationId: string,
  about: string,
  write: (payer: Payer) => Pick<QueuedMail<N>, "template" | "parameters">,
): Promise<boolean> {
  // All keys of it begin with this; ";" follows ":".
  const told = await tx.mail.count({ where: { dedupeKey: { gte: `${about}:`, lt: `${about};` } } })
  if (told > 0) return false
  const { name, slug, billingEmail, memberships } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      name: true,
      slug: true,
      billingEmail: true,
      memberships: {
        where: { role: "owner", user: { disabledAt: null } },
        select: { user: { select: { email: true } } },
      },
    },
  })
  const owners = memberships.map(({ user }) => user.email)
  const others = billingEmail && !owners.includes(billingEmail) ? [billingEmail] : []
  const payers = [
    ...owners.map(email => ({ email, to: "owner" as const, organizationName: name })),
    ...others.map(email => ({ email, to: "billing_address" as const, organizationName: plainName(name) })),
  ]
  for (const { email, ...payer } of payers) {
    const letter = write({ ...payer, organizationSlug: slug })
    await queueMail(tx, { ...letter, to: email, organizationId, dedupeKey: `${about}:${email}` })
  }
  return payers.length > 0
}
