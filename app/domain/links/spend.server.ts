/**
 * Spending a link: once, within its lifetime, for its purpose. One conditional update decides between simultaneous
 * attempts [L6]; it belongs to the caller's transaction, so whatever fails afterwards gives the link back. Links that lead to
 * the same thing (a mail sent twice after a crash, or once more on request) are spent together, and so are a link and its
 * code [L4].
 */

import type { Purpose } from "~/domain/links/purposes"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { hashToken } from "~/platform/crypto.server"
import type { Client, Tx } from "~/platform/db.server"
import { joiningStatement, type Stored } from "~/platform/db-statement.server"
import type { Link } from "~/platform/models.server"

const byToken = joiningStatement<[string], Stored<Link>>("SELECT * FROM Link WHERE tokenHash = ?")

const spendOne = joiningStatement<[number, string, number]>(`
  UPDATE Link SET usedAt = ? WHERE id = ? AND usedAt IS NULL AND voidedAt IS NULL AND expiresAt > ?`)

const spendRequest = joiningStatement<[number, string, string]>(`
  UPDATE Link SET usedAt = ? WHERE requestHash = ? AND purpose = ? AND usedAt IS NULL`)

const noteRequest = joiningStatement<[string, string, string, number]>(`
  UPDATE Link SET usedByUserId = ? WHERE requestHash = ? AND purpose = ? AND usedAt = ?`)

export type LinkRefusal = "invalid" | "expired" | "used"

/** A link once, within its lifetime. Only its hash is stored. Fails with why it is worthless. */
export async function spendLink(
  tx: Tx,
  purpose: Purpose | readonly Purpose[],
  token: string,
): Promise<Result<Link, LinkRefusal>> {
  const link = await findLink(tx, token)
  if (!link || !purposesOf(purpose).includes(link.purpose)) return err("invalid")
  return spendRow(tx, link)
}

/** The second half of spending, for a row found by its code. */
export async function spendRow(tx: Tx, link: Link): Promise<Result<Link, LinkRefusal>> {
  const refusal = refusalOf(link)
  if (refusal) return err(refusal)
  const usedAt = now()
  const spent = await spendOne.run(tx, +usedAt, link.id, +usedAt)
  if (spent === 0) return err("used")
  const siblings = siblingsOf(link)
  if (link.requestHash) await spendRequest.run(tx, +usedAt, link.requestHash, link.purpose)
  else if (siblings) await tx.link.updateMany({ where: { ...siblings, usedAt: null }, data: { usedAt } })
  return ok({ ...link, usedAt })
}

/** Notes whose sign-in a spent link was, and with it those spent together, so that it takes that person on later [L7]. */
export async function noteWhoUsed(tx: Tx, link: Link, userId: string): Promise<void> {
  if (link.requestHash) {
    await noteRequest.run(tx, userId, link.requestHash, link.purpose, Number(link.usedAt))
    return
  }
  await tx.link.updateMany({
    where: { ...(siblingsOf(link) ?? { id: link.id }), usedAt: link.usedAt },
    data: { usedByUserId: userId },
  })
}

/**
 * The other links that lead the same person to the same thing, of one purchase or invitation. Those of one browser's request
 * are found by its hash, with prepared statements: they are spent at every sign-in.
 */
function siblingsOf({ purpose, requestHash, email, userId, organizationId, invitationId }: Link) {
  if (requestHash) return undefined
  if (organizationId || invitationId) return { purpose, email, userId, organizationId, invitationId }
  return undefined
}

export type LinkView = { link: Link; state: "open" | "expired" | "used" }

/** What a link is worth, spending nothing [L1]. Undefined when no such link exists at this purpose's address. */
export async function readLink(
  client: Client,
  purpose: Purpose | readonly Purpose[],
  token: string,
): Promise<LinkView | undefined> {
  const link = await findLink(client, token)
  if (!link || !purposesOf(purpose).includes(link.purpose) || link.voidedAt) return undefined
  const refusal = refusalOf(link)
  return { link, state: refusal === "expired" || refusal === "used" ? refusal : "open" }
}

/** Makes every open link to this mailbox worthless, or those of some purposes. Returns how many. */
export async function voidLinksOf(tx: Tx, email: string, only?: readonly Purpose[]): Promise<number> {
  const voided = await tx.link.updateMany({
    where: { email, usedAt: null, voidedAt: null, ...(only && { purpose: { in: [...only] } }) },
    data: { voidedAt: now() },
  })
  return voided.count
}

async function findLink(client: Client, token: string): Promise<Link | undefined> {
  const row = await byToken.get(client, hashToken(token))
  return (
    row && {
      ...row,
      requestedAt: new Date(row.requestedAt),
      createdAt: new Date(row.createdAt),
      expiresAt: new Date(row.expiresAt),
      usedAt: dateOf(row.usedAt),
      voidedAt: dateOf(row.voidedAt),
      codeVoidedAt: dateOf(row.codeVoidedAt),
      renewedAt: dateOf(row.renewedAt),
    }
  )
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

function purposesOf(purpose: Purpose | readonly Purpose[]): readonly string[] {
  return typeof purpose === "string" ? [purpose] : purpose
}

function refusalOf(link: Link): LinkRefusal | undefined {
  if (link.voidedAt) return "invalid"
  if (link.usedAt) return "used"
  if (link.expiresAt <= now()) return "expired"
  return undefined
}
