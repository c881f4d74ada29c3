import { createHash } from "node:crypto"
import type { Requester } from "~/domain/accounts/requester"
import { drawLogo, type PictureRefusal } from "~/domain/organizations/logo-picture.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { defineLimit } from "~/platform/rate-limit.server"

/** Drawing a picture is the most expensive thing a form can ask for. */
const uploads = defineLimit({ name: "logo-uploads", points: () => 20, seconds: 60 * 60, durable: true })
/** Whoever has many organisations does not get more of the machine. */
const uploadsByPerson = defineLimit({
  name: "logo-uploads-person",
  points: () => 20,
  seconds: 60 * 60,
  durable: true,
})

export type LogoRefusal = PictureRefusal | "too_many" | "changed"

/** Puts a picture in the place of an organisation's logo: drawn anew, see `drawLogo`. The same picture again writes nothing. */
export async function changeLogo(
  membership: Membership,
  sent: Buffer,
  requester: Requester,
): Promise<Result<{ hash: string }, LogoRefusal>> {
  const { organizationId, userId } = membership
  if (!(await uploadsByPerson.consume(userId)).ok) return err("too_many")
  if (!(await uploads.consume(organizationId)).ok) return err("too_many")
  const drawn = await drawLogo(sent)
  if (!drawn.ok) return drawn
  const png = new Uint8Array(drawn.value)
  const hash = createHash("sha256").update(png).digest("base64url").slice(0, 22)
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "organization.set_up"))) return err("changed")
    const before = await tx.organizationLogo.findUnique({ where: { organizationId } })
    if (before?.hash === hash) return ok({ hash })
    const row = { png, hash, updatedAt: now() }
    await tx.organizationLogo.upsert({
      where: { organizationId },
      create: { organizationId, ...row },
      update: row,
    })
    await note(tx, membership, "organization.logo_changed", requester)
    return ok({ hash })
  })
}

/** Takes the logo away. False when there was none, or when the person may not do so any more. */
export async function removeLogo(membership: Membership, requester: Requester): Promise<boolean> {
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "organization.set_up"))) return false
    const { organizationId } = membership
    const removed = await tx.organizationLogo.deleteMany({ where: { organizationId } })
    if (removed.count === 0) return false
    await note(tx, membership, "organization.logo_removed", requester)
    return true
  })
}

/** The logo of an organisation, for its members. */
export async function logoOf(
  membership: Membership,
): Promise<{ png: Uint8Array<ArrayBuffer>; hash: string } | null> {
  const { organizationId } = membership
  return db().organizationLogo.findUnique({ where: { organizationId }, select: { png: true, hash: true } })
}

async function note(
  tx: Tx,
  { organizationId, userId: actorUserId }: Membership,
  act: `organization.${string}`,
  { clientAddress }: Requester,
): Promise<void> {
  await writeAudit(tx, { organizationId, actorUserId, act, target: organizationId, clientAddress })
}
