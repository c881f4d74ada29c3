import type { MessageName } from "~/domain/mail/messages.server"
import { type QueuedMail, queueMail } from "~/domain/mail/outbox.server"
import { fromNow } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"

export type OrganizationNamed = { organizationName: string; organizationSlug: string }
type Letter<N extends MessageName> = Pick<QueuedMail<N>, "template" | "parameters"> & { about?: string }

/** What is a week old by the time it could be sent has been seen on a page. */
const worthSending = 7 * 24 * 60 * 60 * 1000

/**
 * Queues a mail to every owner who can still sign in, but for those of `except` – who did it themselves, or get a mail of their
 * own –, in the caller's transaction. With `about`, at most once per owner for that very thing.
 */
export async function tellOwners<N extends MessageName>(
  tx: Tx,
  organizationId: string,
  write: (organization: OrganizationNamed) => Letter<N>,
  except: readonly string[] = [],
): Promise<void> {
  const { name, slug, memberships } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      name: true,
      slug: true,
      memberships: {
        where: { role: "owner", userId: { notIn: [...except] }, user: { disabledAt: null } },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        select: { user: { select: { id: true, email: true } } },
      },
    },
  })
  const { about, ...letter } = write({ organizationName: name, organizationSlug: slug })
  for (const { user } of memberships) {
    const dedupeKey = about && `${letter.template}:${organizationId}:${user.id}:${about}`
    const expiresAt = fromNow(worthSending)
    await queueMail(tx, { ...letter, to: user.email, organizationId, dedupeKey, expiresAt })
  }
}
