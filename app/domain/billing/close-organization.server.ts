/**
 * Closing an organisation [O11]. An owner's wish is written down, and changes nothing for anybody yet: first Stripe must confirm
 * that nothing more will be charged. Until it has, the organisation stays open, says to its owners why, and tries again; they
 * can call it off. Only then it is archived, for the days of grace in which any owner can restore it, and erased afterwards.
 *
 * Every step is one conditional write on the wish as it was when the step began: two wishes at once are one, and a wish that was
 * called off while Stripe was asked closes nothing.
 */
import type { Requester } from "~/domain/accounts/requester"
import { forgetTrouble, sayWhyItWaits } from "~/domain/billing/closing-trouble.server"
import { inTurn } from "~/domain/billing/in-turn"
import { definePatientJob, needStripe } from "~/domain/billing/patient-job.server"
import { hasBillingAtStripe, windDown } from "~/domain/billing/wind-down.server"
import { archive } from "~/domain/organizations/archive.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOwners } from "~/domain/organizations/owners.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { formatUtcDate } from "~/lib/format"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { failpoint } from "~/platform/failpoint.server"
import type { Organization } from "~/platform/models.server"
import { defineLimit } from "~/platform/rate-limit.server"

/** Closes an organisation whose owner wants that, as soon as Stripe agrees; a closed one is looked after again. */
export const finishClosing = definePatientJob({
  kind: "organization.close",
  run: organizationId => inTurn(`closing:${organizationId}`, () => finish(organizationId)),
  onWait: sayWhyItWaits,
})

/** Each closing, and each that is taken back, mails every owner. */
const closings = defineLimit({ name: "closings", points: () => 5, seconds: 24 * 60 * 60, durable: true })

/** Why it is not being closed, in words. */
export const closingRefusals = {
  already: "Somebody asked to close it before.",
  too_many: "You have closed organisations often today, and each time is mailed. Try again tomorrow.",
} as const

/**
 * Writes down that an owner wants their organisation closed, tells the other owners, and starts closing it. `already`: somebody
 * wanted that before, or this person is no owner any more. `too_many`: the sixth of this person within a day.
 */
export async function requestClosing(
  membership: Membership,
  requester: Requester,
): Promise<Result<void, keyof typeof closingRefusals>> {
  const { organizationId: id, userId } = membership
  return transaction(async tx => {
    if (!(await closings.peek(userId)).ok) return err("too_many")
    if (!(await stillMay(tx, membership, "organization.close"))) return err("already")
    const wanted = await tx.organization.updateMany({
      where: { id, closeRequestedAt: null },
      data: { closeRequestedAt: now(), closeRequestedBy: userId, closeTrouble: null },
    })
    if (wanted.count === 0) return err("already")
    await closings.consume(userId)
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: userId,
      act: "organization.closing_requested",
      target: id,
      clientAddress: requester.clientAddress,
    })
    await tellTheOthers(tx, id, userId)
    await finishClosing.enqueue(tx, { organizationId: id })
    return ok(undefined)
  })
}

async function tellTheOthers(tx: Tx, id: string, userId: string): Promise<void> {
  const by = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  const byName = by.name || by.emailTyped
  await tellOwners(
    tx,
    id,
    organization => ({ template: "closing_asked", parameters: { ...organization, byName } }),
    [userId],
  )
}

async function finish(id: string): Promise<void> {
  const wish = await db().organization.findFirst({ where: { id, closeRequestedAt: { not: null } } })
  if (!wish) return
  if (await hasBillingAtStripe(id)) {
    needStripe()
    await windDown(id, "run_out")
  }
  failpoint("closing.stripe-agreed")
  if (!wish.closedAt) await close(wish)
  await forgetTrouble(id)
}

async function close({ id, closeRequestedAt, closeRequestedBy }: Organization): Promise<void> {
  await transaction(async tx => {
    const eraseAt = fromNow(env().closingGrace)
    const closed = await tx.organization.updateMany({
      where: { id, closeRequestedAt, closedAt: null },
      data: { closedAt: now(), eraseAt, closeTrouble: null },
    })
    if (closed.count === 0) return
    const byUserId = closeRequestedBy ?? undefined
    await archive(tx, id, "closing", { byUserId })
    const asked = await tx.auditEntry.findFirst({
      where: { organizationId: id, act: "organization.closing_requested", actorUserId: closeRequestedBy },
      orderBy: [{ at: "desc" }, { id: "desc" }],
    })
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: byUserId,
      act: "organization.closed",
      target: id,
      detail: { eraseAt: eraseAt.toISOString() },
      clientAddress: asked?.clientAddress,
    })
    const by = byUserId && (await tx.user.findUnique({ where: { id: byUserId } }))
    await tellOwners(tx, id, organization => ({
      template: "organization_closed",
      parameters: {
        ...organization,
        closedBy: by ? by.name || by.emailTyped : "",
        eraseOn: formatUtcDate(eraseAt),
      },
    }))
    failpoint("closing.before-commit")
  })
}
