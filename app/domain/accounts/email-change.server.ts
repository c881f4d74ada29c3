/**
 * Another address for an account [S14]. Asking changes nothing: a link goes to the new mailbox, and spending it is the proof that
 * it is theirs. Then every other session, pending sign-in and open link ends [S4], and the old mailbox hears of it, with a way
 * back for a week. Whoever asks learns nothing of whether an address has an account here: that is told in the mail only.
 */
import { type Address, addressKey, maskAddress } from "~/domain/accounts/addresses.server"
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import { giveUpPendingChange, waiting } from "~/domain/accounts/pending-email-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { endSessionsOf, type SignedIn } from "~/domain/accounts/sessions.server"
import { endChallengesOf } from "~/domain/accounts/sign-in-challenges.server"
import { findUserByEmail } from "~/domain/accounts/users.server"
import { lifetimeOf } from "~/domain/links/issue.server"
import { entryPurposes } from "~/domain/links/purposes"
import { type LinkRefusal, readLink, spendLink, voidLinksOf } from "~/domain/links/spend.server"
import { undoLifetime } from "~/domain/links/undo-token.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { formatDateTime } from "~/lib/format"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { db, isUniqueViolation, type Tx, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import { newId } from "~/platform/ids.server"
import type { EmailChange } from "~/platform/models.server"
import { consumeAll, defineLimit, type TooMany } from "~/platform/rate-limit.server"

const day = 24 * 60 * 60

/** Each mails somebody who may be a stranger: enough for typing mistakes, too few for a mail cannon. */
const perPerson = defineLimit({ name: "email-change", points: () => 5, seconds: day, durable: true })
const perMailbox = defineLimit({ name: "email-change-mailbox", points: () => 3, seconds: day, durable: true })

/** What goes along with a person's new address in the areas above this one, in the same transaction. */
export type FollowAddress = (tx: Tx, moved: { userId: string; from: string; to: string }) => Promise<void>

/** Mails a link to the new address. It takes the place of one that is under way. Fails with `same`, or when to come back. */
export async function askForEmailChange(
  { userId, email }: SignedIn,
  to: Address,
  requester: Requester,
): Promise<Result<void, "same" | TooMany>> {
  if (to.canonical === email) return err("same")
  const allowed = await consumeAll([
    [perPerson, userId],
    [perMailbox, addressKey(to.canonical)],
  ])
  if (!allowed.ok) return err(allowed.error)
  await transaction(async tx => {
    await giveUpPendingChange(tx, userId)
    const user = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    await tx.emailChange.create({
      data: {
        id: newId(),
        userId,
        fromEmail: user.email,
        fromTyped: user.emailTyped,
        toEmail: to.canonical,
        toTyped: to.typed,
        askedAt: now(),
      },
    })
    const parameters = { from: maskAddress(user.email), ...whereFrom(requester) }
    if (await findUserByEmail(tx, to.canonical)) {
      await queueMail(tx, { template: "email_taken", to: to.canonical, parameters })
    } else {
      const link = { userId, emailTyped: to.typed, ...requester, requestedAt: now() }
      const expiresAt = fromNow(lifetimeOf("email_change"))
      await queueMail(tx, { template: "email_change", to: to.canonical, parameters, link, expiresAt })
    }
    await recordSecurityEvent(tx, { userId, kind: "email_change_asked", detail: to.typed, requester })
  })
  return ok()
}

export type EmailChangeView = { state: "open"; from: string; to: string } | { state: LinkRefusal }

/** What the page behind the link shows. Spends nothing. */
export async function viewEmailChange(token: string): Promise<EmailChangeView> {
  const view = await readLink(db(), "email_change", token)
  if (!view) return { state: "invalid" }
  if (view.state !== "open") return { state: view.state }
  const change = await changeOf(db(), view.link)
  if (!change) return { state: "invalid" }
  return { state: "open", from: maskAddress(change.fromEmail), to: change.toTyped }
}

type Confirming = {
  requester: Requester
  /** The session of this browser: it stays if it is the person's own. */
  sessionId?: string
  follow: FollowAddress
}

/**
 * Spends the link: the account has the new address. Fails with why not; `taken`: the address has another account by now,
 * `disabled`: the account is shut.
 */
export async function confirmEmailChange(
  token: string,
  { requester, sessionId, follow }: Confirming,
): Promise<Result<{ userId: string }, LinkRefusal | "taken" | "disabled">> {
  try {
    return await transaction(async tx => {
      const spent = await spendLink(tx, "email_change", token)
      if (!spent.ok) return spent
      const change = await changeOf(tx, spent.value)
      const user = change && (await tx.user.findUnique({ where: { id: change.userId } }))
      if (!change || user?.email !== change.fromEmail) return err("invalid")
      if (user.disabledAt) return err("disabled")
      await move(tx, change)
      await endEntries(tx, change.userId, [change.fromEmail, change.toEmail], sessionId)
      await tellOldMailbox(tx, change, requester)
      await follow(tx, { userId: change.userId, from: change.fromEmail, to: change.toEmail })
      const told = { kind: "email_changed", detail: change.toTyped, requester } as const
      await recordSecurityEvent(tx, { userId: change.userId, ...told })
      failpoint("email-change.before-commit")
      return ok({ userId: change.userId })
    })
  } catch (error) {
    if (isUniqueViolation(error, "email")) return err("taken")
    throw error
  }
}

/** Ends whatever could still open the account: other sessions, pending sign-ins, links to these mailboxes. */
export async function endEntries(tx: Tx, userId: string, emails: string[], keepSessionId?: string) {
  await endSessionsOf(tx, userId, keepSessionId, "credentials_changed")
  await endChallengesOf(tx, userId)
  for (const email of emails) await voidLinksOf(tx, email, entryPurposes)
}

/** Device and network, as mails tell them. */
export function whereFrom(requester: Requester) {
  return { device: deviceLabel(requester.userAgent), network: networkOf(requester.clientAddress) }
}

async function move(tx: Tx, change: EmailChange): Promise<void> {
  const at = now()
  await tx.user.update({
    where: { id: change.userId },
    data: { email: change.toEmail, emailTyped: change.toTyped, updatedAt: at },
  })
  await tx.emailChange.update({
    where: { id: change.id },
    data: { changedAt: at, undoUntil: fromNow(undoLifetime) },
  })
}

async function tellOldMailbox(tx: Tx, change: EmailChange, requester: Requester): Promise<void> {
  await queueMail(tx, {
    template: "email_changed",
    to: change.fromEmail,
    parameters: {
      to: maskAddress(change.toEmail),
      at: formatDateTime(now(), "UTC"),
      ...whereFrom(requester),
    },
    emailChangeId: change.id,
    dedupeKey: `email_changed:${change.id}`,
    expiresAt: fromNow(undoLifetime),
  })
}

function changeOf(client: Tx, { userId, email }: { userId: string | null; email: string }) {
  if (!userId) return null
  return client.emailChange.findFirst({ where: { userId, toEmail: email, ...waiting } })
}
