import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { day } from "./cast"
import { laptop } from "./passkey"

const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"

/** Passkeys of every kind: in daily use, never used, with a long name, and from before the site moved. */
export async function furnishPasskeys({ id: userId }: User): Promise<{ used: string; moved: string }> {
  const keep = async (name: string, more: Row) => {
    const id = newId()
    await db().passkey.create({
      data: { id, userId, credentialId: id, publicKey: Buffer.from("key"), counter: 3, name, ...more },
    })
    return id
  }
  const here = { rpId: "localhost", userAgent: laptop.userAgent }
  const used = await keep("Laptop", {
    ...here,
    aaguid: "d548826e-79b4-db40-a3d8-11116f7e8349",
    backedUp: true,
    createdAt: fromNow(-90 * day),
    lastUsedAt: fromNow(-day / 8),
  })
  await keep("The blue security key with the scratch that lives on the key ring in the hall", {
    ...here,
    createdAt: fromNow(-20 * day),
  })
  const moved = await keep("Phone", {
    rpId: "gate.our-old-address.example.com",
    userAgent: phone,
    aaguid: "fbfc3007-154e-4ecc-8c0b-6e020557d7bd",
    backedUp: true,
    createdAt: fromNow(-400 * day),
    lastUsedAt: fromNow(-100 * day),
  })
  return { used, moved }
}

type Row = {
  rpId: string
  userAgent: string
  aaguid?: string
  backedUp?: boolean
  createdAt: Date
  lastUsedAt?: Date
}
