import { maskAddress } from "~/domain/accounts/addresses.server"
import { type Purpose, purposes } from "~/domain/links/purposes"
import { type LinkView, readLink } from "~/domain/links/spend.server"
import { renewalHandle } from "~/domain/sign-in/renew-link.server"
import { db } from "~/platform/db.server"

/** The purposes a program may ask for a link of, or spend one of. */
export const mailedPurposes = [
  "sign_in",
  "purchase_access",
  "password_reset",
  "activation",
] as const satisfies Purpose[]

export const linkStates = ["open", "expired", "used"] as const satisfies LinkView["state"][]

export type MailedPurpose = (typeof mailedPurposes)[number]

export type MailedLink = {
  state: LinkView["state"]
  purpose: MailedPurpose
  maskedEmail: string
  redirectTo: string | null
  expiresAt: Date
  /** By which a fresh one is asked for. */
  handle: string
}

/** What a link of any of these purposes is worth, spending and changing nothing [L1]. Undefined for all others. */
export async function viewMailedLink(token: string): Promise<MailedLink | undefined> {
  const view = await readLink(db(), mailedPurposes, token)
  const purpose = mailedPurposes.find(one => one === view?.link.purpose)
  if (!view || !purpose) return undefined
  const { id, email, redirectTo, expiresAt } = view.link
  return {
    state: view.state,
    purpose,
    maskedEmail: maskAddress(email),
    redirectTo,
    expiresAt,
    handle: renewalHandle(id),
  }
}

/** What a link of ours is for, spending nothing. Undefined for any other text, and for one that was withdrawn. */
export async function purposeOfLink(token: string): Promise<Purpose | undefined> {
  const view = await readLink(db(), purposes, token)
  return purposes.find(one => one === view?.link.purpose)
}
