/**
 * Deleting one's own account [S15], in one transaction: they leave their organisations as if by hand, every trace of them goes or
 * gets a pseudonym, and then their row with everything that hangs on it. An organisation nobody else owns is handed over or closed
 * first. A last mail says that it is done; its row goes once it is sent.
 */
import { z } from "zod"
import type { Requester } from "~/domain/accounts/requester"
import { followBillingAddress } from "~/domain/billing/customer-address.server"
import { leaveNoTraces } from "~/domain/billing/erase-organization.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { keepBars } from "~/domain/organizations/domain-bar.server"
import { organizationsOnlyOwnedBy } from "~/domain/organizations/last-owner.server"
import { leaveWithin } from "~/domain/organizations/leave.server"
import { addressesOf, undoneAddressesOf } from "~/domain/privacy/addresses-of.server"
import { emptyMails, eraseTracesOf, waitingMailsNaming } from "~/domain/privacy/erase-person.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { type Client, db, type Tx, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import { newId } from "~/platform/ids.server"
import { defineJob, type JobDefinition } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"

const unnamed = "A former member"

const goodbye = z.object({ alias: z.string(), naming: z.array(z.string()) })
type Goodbye = z.output<typeof goodbye>

export type DeletionObstacle =
  | { because: "last_owner"; organizations: { slug: string; name: string }[] }
  | { because: "last_operator" }

/** Why this person cannot be deleted as things stand, if so. */
export function whyNotDelete(userId: string): Promise<DeletionObstacle | undefined> {
  return obstacleOf(db(), userId)
}

async function obstacleOf(client: Client, userId: string): Promise<DeletionObstacle | undefined> {
  const organizations = await organizationsOnlyOwnedBy(client, userId)
  if (organizations.length > 0) return { because: "last_owner", organizations }
  const { isOperator } = await client.user.findUniqueOrThrow({ where: { id: userId } })
  const others = { isOperator: true, disabledAt: null, id: { not: userId } }
  if (isOperator && (await client.user.count({ where: others })) === 0) return { because: "last_operator" }
  return undefined
}

/** Deletes an account for good. Fails with what stands in the way. */
export async function deleteAccount(
  userId: string,
  requester: Requester,
): Promise<Result<void, DeletionObstacle>> {
  return transaction(async tx => {
    const obstacle = await obstacleOf(tx, userId)
    if (obstacle) return err(obstacle)
    const alias = `deleted-${newId().slice(-12)}`
    const { email, name } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    const addresses = await addressesOf(tx, userId)
    const typed = await typedBy(tx, userId)
    for (const address of addresses) await keepBars(tx, userId, address)
    await leaveEverything(tx, userId, requester)
    await forgetAsPayer(tx, addresses)
    const undone = await undoneAddressesOf(tx, userId)
    await eraseTracesOf(tx, { id: userId, name, addresses: [...addresses, ...typed], undone, alias })
    await tx.user.delete({ where: { id: userId } })
    await writeAudit(tx, { act: "person.deleted", target: alias })
    await sayGoodbye(tx, email, { name, alias })
    await leaveNoTraces.enqueue(tx, {})
    log.info({ user: userId }, "account deleted by its owner")
    failpoint("deletion.before-commit")
    return ok()
  })
}

/** Their addresses as they typed them, where that is another form. */
async function typedBy(tx: Tx, userId: string): Promise<string[]> {
  const { emailTyped } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  const former = await tx.emailChange.findMany({ where: { userId, changedAt: { not: null } } })
  return [emailTyped, ...former.map(({ fromTyped }) => fromTyped)]
}

/** Who has no name would be named by their address. */
async function leaveEverything(tx: Tx, userId: string, requester: Requester): Promise<void> {
  await tx.user.updateMany({ where: { id: userId, name: "" }, data: { name: unnamed } })
  const memberships = await tx.membership.findMany({ where: { userId } })
  for (const { id, organizationId } of memberships) {
    await leaveWithin(tx, { id, userId, organizationId }, requester)
    await followBillingAddress.enqueue(tx, { organizationId })
  }
}

async function forgetAsPayer(tx: Tx, addresses: string[]): Promise<void> {
  const paying = await tx.organization.findMany({ where: { billingEmail: { in: addresses } } })
  for (const { id: organizationId } of paying) {
    await tx.organization.update({
      where: { id: organizationId },
      data: { billingEmail: null, updatedAt: now() },
    })
    await followBillingAddress.enqueue(tx, { organizationId })
  }
}

const minute = 60_000

/** The last mail, and those to owners that name who left, are forgotten once they are sent. */
async function sayGoodbye(
  tx: Tx,
  to: string,
  { name, alias }: { name: string; alias: string },
): Promise<void> {
  const dedupeKey = goodbyeKey(alias)
  await queueMail(tx, { template: "account_deleted", to, parameters: {}, dedupeKey })
  const naming = await waitingMailsNaming(tx, name || unnamed)
  await forgetGoodbye.enqueue(tx, { alias, naming }, { runAt: fromNow(2 * minute) })
}

const goodbyeKey = (alias: string) => `account_deleted:${alias}`

/** Removes the row of the last mail, which holds the address, and the name from the others, as soon as they are sent or given up. */
export const forgetGoodbye: JobDefinition<Goodbye> = defineJob({
  kind: "person.forget-goodbye",
  payload: goodbye,
  run: async payload => {
    const { alias, naming } = payload
    const dedupeKey = goodbyeKey(alias)
    const these = { OR: [{ dedupeKey }, { id: { in: naming } }] }
    if ((await db().mail.count({ where: { state: "queued", ...these } })) > 0)
      return forgetGoodbye.enqueue(db(), payload, { runAt: fromNow(10 * minute) })
    await transaction(async tx => {
      await tx.mail.deleteMany({ where: { dedupeKey } })
      await emptyMails(tx, naming)
      await leaveNoTraces.enqueue(tx, {})
    })
  },
})
