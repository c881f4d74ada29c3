/**
 * Sending the activation mail again [B3], by address or from the page of an expired link [L7]. The answer is written before
 * anything is known of the address: known, unknown, active and disabled ones get the same page in the same time [L11].
 */
import { z } from "zod"
import type { Address } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { isPlanId, plans } from "~/domain/billing/plans"
import { queueMail } from "~/domain/mail/outbox.server"
import { plainName } from "~/domain/organizations/plain-name"
import { mayAskForLink, mayRenewLink, type TooMany } from "~/domain/sign-in/link-limits.server"
import { findRenewable } from "~/domain/sign-in/renew-link.server"
import { paths } from "~/lib/paths"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { defineJob } from "~/platform/jobs.server"

/** Asks for another activation mail. Fails with when to come back. */
export async function resendActivation(
  { canonical: email }: Address,
  { clientAddress }: Requester,
): Promise<Result<void, TooMany>> {
  const allowed = await mayAskForLink(email, clientAddress)
  if (allowed.ok) await activationResend.enqueue(db(), { email, key: newId() })
  return allowed
}

/** A fresh link in place of an expired one, once. Fails with `invalid`, `already`, or with when to come back. */
export async function renewActivation(
  handle: string,
  requester: Requester,
): Promise<Result<{ email: string }, "invalid" | "already" | TooMany>> {
  const link = await findRenewable(handle)
  if (link?.purpose !== "activation") return err("invalid")
  if (link.renewedAt) return err("already")
  const allowed = await mayRenewLink(link.email, requester.clientAddress)
  if (!allowed.ok) return err(allowed.error)
  return transaction(async tx => {
    const claimed = await tx.link.updateMany({
      where: { id: link.id, renewedAt: null },
      data: { renewedAt: now() },
    })
    if (claimed.count === 0) return err("already")
    await activationResend.enqueue(tx, { email: link.email, key: link.id })
    return ok({ email: link.email })
  })
}

/** Decides, after the answer, what the mailbox gets: the mail of its latest purchase, or nothing. */
export const activationResend = defineJob({
  kind: "activation.resend",
  payload: z.object({ email: z.string(), key: z.string() }),
  attempts: 5,
  run: async ({ email, key }) => {
    await transaction(tx => mailAgain(tx, email, key))
  },
})

async function mailAgain(tx: Tx, email: string, key: string): Promise<void> {
  const user = await tx.user.findUnique({ where: { email } })
  if (!user || user.disabledAt) return
  const bought = await tx.checkout.findFirst({
    where: { userId: user.id, provisionedAt: { not: null } },
    orderBy: { provisionedAt: "desc" },
    include: { organization: true },
  })
  if (!bought?.organization) return
  const { organization } = bought
  await queueMail(tx, {
    template: user.provenAt ? "purchase_existing_user" : "activation",
    to: user.email,
    parameters: {
      organizationName: plainName(organization.name),
      planName: isPlanId(bought.plan) ? plans[bought.plan].name : bought.plan,
    },
    link: {
      userId: user.id,
      organizationId: organization.id,
      redirectTo: paths.onboarding(organization.slug),
    },
    dedupeKey: `activation-resend:${key}`,
  })
}
