import type { MessageName } from "~/domain/mail/messages.server"
import { type QueuedMail, queueMail } from "~/domain/mail/outbox.server"
import type { Tx } from "~/platform/db.server"

export type OrganizationNamed = { organizationName: string; organizationSlug: string }
type Letter<N extends MessageName> = Pick<QueuedMail<N>, "template" | "parameters"> & { about?: string }

/**
 * Queues a mail to every owner who can still sign in, in the caller's transaction. With `about`, at most once per owner for
 * that very thing.
 */
export async function tellOwners<N extends MessageName>(
  tx: Tx,
  organizationId: string,
  write: (organization: OrganizationNamed) => Letter<N>,
): Promise<void> {
  const { name, slug, memberships } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      name: true,
      slug: true,
      memberships: {
        where: { role: "owner", user: { disabledAt: null } },
        select: { user: { select: { id: true, email: true } } },
      },
    },
  })
  const { about, ...letter } = write({ organizationName: name, organizationSlug: slug })
  for (const { user } of memberships) {
    const dedupeKey = about && `${letter.template}:${organizationId}:${user.id}:${about}`
    await queueMail(tx, { ...letter, to: user.email, organizationId, dedupeKey })
  }
}
