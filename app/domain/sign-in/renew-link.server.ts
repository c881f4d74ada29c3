/**
 * A fresh link from the page of an expired one [L7]: same purpose, same mailbox, same destination, once per expired link. The
 * page names the expired link by its row and a keyed hash, so that it shows no token; whoever holds the handle can only
 * make us mail the address the link was always meant for.
 */
import { z } from "zod"
import type { Requester } from "~/domain/accounts/requester"
import { signInPurposes } from "~/domain/links/purposes"
import { mayRenewLink, mayReplaceLink, type TooMany } from "~/domain/sign-in/link-limits.server"
import { storeLinkRequest } from "~/domain/sign-in/request-link.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { keyedHash, sameHash } from "~/platform/crypto.server"
import { db, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import type { Link } from "~/platform/models.server"

const known = z.enum(signInPurposes)

/** The handle by which an expired link's page asks for a fresh one. */
export function renewalHandle(linkId: string): string {
  return `${linkId}.${keyedHash("link-renewal", linkId)}`
}

/**
 * The link of a handle, if the handle is one of ours and the link may be replaced: it has expired, or it is good only where
 * it was asked for [L21].
 */
export async function findRenewable(handle: string): Promise<Link | undefined> {
  const [id = "", mac = ""] = handle.split(".")
  if (!sameHash(mac, keyedHash("link-renewal", id))) return undefined
  const link = await db().link.findUnique({ where: { id } })
  if (!link || link.usedAt || link.voidedAt) return undefined
  return hasExpired(link) || env().askForCodeElsewhere ? link : undefined
}

function hasExpired(link: Link): boolean {
  return link.expiresAt <= now()
}

/**
 * Asks for a fresh sign-in link in place of one that cannot be used here. Fails with `invalid` for any other, `already` when
 * one was asked for from it before, or with when to come back.
 */
export async function renewSignInLink(
  handle: string,
  asker: { requester: Requester; requestHash: string },
): Promise<Result<Link, "invalid" | "already" | TooMany>> {
  const link = await findRenewable(handle)
  if (!link || !known.safeParse(link.purpose).success) return err("invalid")
  if (link.renewedAt) return err("already")
  const { clientAddress } = asker.requester
  const allowed = await (hasExpired(link)
    ? mayRenewLink(link.email, clientAddress)
    : mayReplaceLink(clientAddress))
  if (!allowed.ok) return err(allowed.error)
  const renewed = await transaction(async tx => {
    const claimed = await tx.link.updateMany({
      where: { id: link.id, renewedAt: null },
      data: { renewedAt: now() },
    })
    if (claimed.count === 0) return false
    await storeLinkRequest(tx, {
      email: link.email,
      emailTyped: link.emailTyped ?? link.email,
      redirectTo: link.redirectTo ?? undefined,
      requestHash: asker.requestHash,
      ...asker.requester,
      requestedAt: now(),
      fresh: true,
    })
    return true
  })
  if (!renewed) return err("already")
  return ok(link)
}
