/**
 * Simple bots give themselves away: they fill in a field no person sees, or post faster than anyone can type [L21]. They see
 * the same page as everybody and nothing is sent.
 */
import { z } from "zod"
import { now } from "~/platform/clock.server"
import { keyedHash, sameHash } from "~/platform/crypto.server"

/** The fastest a person (or their password manager) opens a page, fills one field and sends it. Milliseconds. */
const fastest = 600

/** The fields a guarded form carries beside its own. */
export const botFields = { website: z.string().optional(), made: z.string().optional() }

/** When a form was made, signed. */
export function formStamp(): string {
  const made = String(now().getTime())
  return `${made}.${keyedHash("form-stamp", made)}`
}

export function looksLikeBot(form: { website?: string; made?: string }): boolean {
  const [made = "", mac = ""] = form.made?.split(".") ?? []
  const forged = !sameHash(mac, keyedHash("form-stamp", made))
  return Boolean(form.website) || forged || now().getTime() - Number(made) < fastest
}
