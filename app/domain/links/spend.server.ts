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
import type { Link } from "~/platform/models.server"

export type LinkRefusal = "invalid" | "expired" | "used"

/** A link once, within its lifetime. Only its hash is stored. Fails with why it is worthless. */
export async function spendLink(
  tx: Tx,
  purpose: Purpose | readonly Purpose[],
  token: string,
): Promise<Result<Link, LinkRefusal>> {
  const link = await tx.link.findUnique({ where: { tokenHash: hashToken(token) } })
  if (!link || !purposesOf(purpose).includes(link.purpose)) return err("invalid")
  return spendRow(tx, link)
}

/** The second half of spending, for a row found by its code. */
export async function spendRow(tx: Tx, link: Link): Promise<Result<Link, LinkRefusal>> {
  const refusal = refusalOf(link)
  if (refusal) return err(refusal)
  const usedAt = now()
  const spent = await tx.link.updateMany({
    where: { id: link.id, usedAt: null, voidedAt: null, expiresAt: { gt: usedAt } },
    data: { usedAt },
  })
  if (spent.count === 0) return err("used")
  const siblings = siblingsOf(link)
  if (siblings) await tx.link.updateMany({ where: { ...siblings, usedAt: null }, data: { usedAt } })
  return ok({ ...link, usedAt })
}

/** Notes whose sign-in a spent link was, and with it those spent together, so that it takes that person on later [L7]. */
export async function noteWhoUsed(tx: Tx, link: Link, userId: string): Promise<void> {
  await tx.link.updateMany({
    where: { ...(siblingsOf(link) ?? { id: link.id }), usedAt: link.usedAt },
    data: { usedByUserId: userId },
  })
}

/** The other links that lead the same person to the same thing: of one browser's request, or of one purchase or invitation. */
function siblingsOf({ purpose, requestHash, email, userId, organizationId, invitationId }: Link) {
  if (requestHash) return { purpose, requestHash }
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
  const link = await client.link.findUnique({ where: { tokenHash: hashToken(token) } })
  if (!link || !purposesOf(purpose).includes(link.purpose) || link.voidedAt) return undefined
  const refusal = refusalOf(link)
  return { link, state: refusal === "expired" || refusal === "used" ? refusal : "open" }
}

/** Makes every open link of a person worthless (after a change of credentials). Returns how many. */
export async function voidLinksOf(tx: Tx, email: string): Promise<number> {
  const voided = await tx.link.updateMany({
    where: { email, usedAt: null, voidedAt: null },
    data: { voidedAt: now() },
  })
  return voided.count
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
