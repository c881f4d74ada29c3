import { credentialChanged } from "~/domain/accounts/credential-change.server"
import { deviceLabel } from "~/domain/accounts/device.server"
import { passkeyHost } from "~/domain/accounts/passkey-host.server"
import { makerOf } from "~/domain/accounts/passkey-makers"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { isLastWayIn } from "~/domain/accounts/ways-in.server"
import { err, ok, type Result } from "~/lib/result"
import { type Client, db, transaction } from "~/platform/db.server"
import type { Passkey } from "~/platform/models.server"

export type ListedPasskey = {
  id: string
  name: string
  createdAt: Date
  lastUsedAt: Date | null
  /** The browser it was made in, and where it is kept as far as that is known. */
  madeOn: string
  keptIn: string | null
  backedUp: boolean
  /** The host name it was made under when that is not this one: it opens nothing here. */
  otherHost: string | null
}

/** The passkeys of a person, the oldest first. */
export async function listPasskeys(userId: string): Promise<ListedPasskey[]> {
  const own = await db().passkey.findMany({
    where: { userId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  })
  return own.map(listed)
}

/** One of a person's own passkeys. */
export async function findPasskey(userId: string, id: string): Promise<ListedPasskey | undefined> {
  const found = await db().passkey.findFirst({ where: { id, userId } })
  return found ? listed(found) : undefined
}

/** Whether this person has a passkey that works under this host name. */
export async function hasPasskey(client: Client, userId: string): Promise<boolean> {
  return (await client.passkey.count({ where: { userId, rpId: passkeyHost().rpId } })) > 0
}

/** Gives one of a person's own passkeys another name. Fails with `gone` when it is not theirs, or removed. */
export async function renamePasskey(
  userId: string,
  { id, name, requester }: { id: string; name: string; requester: Requester },
): Promise<Result<void, "gone">> {
  return transaction(async tx => {
    const renamed = await tx.passkey.updateMany({ where: { id, userId }, data: { name } })
    if (renamed.count === 0) return err("gone")
    await recordSecurityEvent(tx, { userId, kind: "passkey_renamed", detail: name, requester })
    return ok()
  })
}

/**
 * Removes one of a person's own passkeys; their other sessions and open links end, and they are told. Ask for fresh proof first
 * [S10]. Fails with `last` when nothing else would open the account, with `gone` when it is not theirs, or removed.
 */
export async function removePasskey(
  user: { id: string; email: string; sessionId: string },
  { id, requester }: { id: string; requester: Requester },
): Promise<Result<{ name: string }, "last" | "gone">> {
  return transaction(async tx => {
    const passkey = await tx.passkey.findFirst({ where: { id, userId: user.id } })
    if (!passkey) return err("gone")
    if (await isLastWayIn(tx, user.id, { passkeyId: id })) return err("last")
    await tx.passkey.delete({ where: { id } })
    const { name } = passkey
    const keepSessionId = user.sessionId
    await credentialChanged(tx, { user, what: "passkey_removed", detail: name, requester, keepSessionId })
    return ok({ name })
  })
}

function listed(passkey: Passkey): ListedPasskey {
  const { id, name, createdAt, lastUsedAt, backedUp, rpId } = passkey
  return {
    id,
    name,
    createdAt,
    lastUsedAt,
    madeOn: deviceLabel(passkey.userAgent),
    keptIn: makerOf(passkey.aaguid) ?? null,
    backedUp,
    otherHost: rpId === passkeyHost().rpId ? null : rpId,
  }
}
