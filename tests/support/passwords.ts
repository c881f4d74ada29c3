import { hashPassword } from "~/domain/accounts/password-hashing.server"
import { db } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import type { Browser } from "./browser"

export const goodPassword = "lanterns drift over slow water"
export const otherPassword = "nine herons asleep by the lock"

/** Gives this person a password, as if they had set it a while ago. */
export async function givePassword(user: Pick<User, "id">, password = goodPassword): Promise<void> {
  const hash = await hashPassword(password)
  if (!hash.ok) throw new Error("Too many passwords at once.")
  await db().password.create({ data: { userId: user.id, hash: hash.value, changedAt: new Date() } })
}

/** Types address and password on the page that asks for both. */
export function typePassword(browser: Browser, email: string, password = goodPassword, redirectTo?: string) {
  return browser.post("/login/password", { email, password, ...(redirectTo && { redirectTo }) })
}
