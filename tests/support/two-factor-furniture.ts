import { openChallenge } from "~/domain/accounts/sign-in-challenges.server"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { buildUser } from "./cast"
import { withTwoFactor } from "./two-factor"

/** Tova signs in in two steps, and has got as far as the first in a browser of her own. */
export async function furnishTwoFactor() {
  const tova = await buildUser(db(), { name: "Tova Tveit", email: "tova@somewhere.test" })
  await withTwoFactor(tova.id)
  const challenge = await transaction(tx => openChallenge(tx, { userId: tova.id, way: "link" }))
  await db().signInChallenge.updateMany({ data: { expiresAt: fromNow(24 * 60 * 60 * 1000) } })
  return { tova, challenge }
}
