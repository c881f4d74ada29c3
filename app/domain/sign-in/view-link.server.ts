import { maskAddress } from "~/domain/accounts/addresses.server"
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import { signInPurposes } from "~/domain/links/purposes"
import { readLink } from "~/domain/links/spend.server"
import { renewalHandle } from "~/domain/sign-in/renew-link.server"
import { hashToken } from "~/platform/crypto.server"
import { db } from "~/platform/db.server"
import type { Link } from "~/platform/models.server"

export type OpenLinkView = {
  state: "open"
  maskedEmail: string
  /** When and roughly where it was asked for [L2]; undefined when no browser asked: after a purchase, for the operator. */
  asked?: { at: Date; device: string; network: string }
  origin: "request" | "purchase" | "server"
  /** By which a fresh one is asked for, should this one be refused here. */
  handle: string
  /** This browser asked for it: it may sign in without another click [L3]. */
  sameBrowser: boolean
  /** Someone else is signed in here [L17]. */
  otherPerson: boolean
}

export type SignInLinkView =
  | OpenLinkView
  | { state: "invalid" }
  | { state: "expired"; maskedEmail: string; handle: string; renewed: boolean }
  | { state: "used"; destination?: string | null; byThisPerson: boolean }

/** What the page behind a sign-in link shows. Spends and changes nothing [L1]. */
export async function viewSignInLink(
  token: string,
  visitor: { requestToken?: string; signedIn?: SignedIn },
): Promise<SignInLinkView> {
  const view = await readLink(db(), signInPurposes, token)
  if (!view) return { state: "invalid" }
  const { link, state } = view
  if (state === "used") {
    const byThisPerson = Boolean(visitor.signedIn && link.usedByUserId === visitor.signedIn.userId)
    return { state, byThisPerson, destination: byThisPerson ? link.redirectTo : null }
  }
  const maskedEmail = maskAddress(link.email)
  if (state === "expired")
    return { state, maskedEmail, handle: renewalHandle(link.id), renewed: link.renewedAt !== null }
  return {
    state,
    maskedEmail,
    asked: link.requestHash === null ? undefined : askedBy(link),
    origin: originOf(link),
    handle: renewalHandle(link.id),
    sameBrowser: Boolean(visitor.requestToken && hashToken(visitor.requestToken) === link.requestHash),
    otherPerson: Boolean(visitor.signedIn && visitor.signedIn.email !== link.email),
  }
}

function originOf({ purpose, requestHash }: Link): OpenLinkView["origin"] {
  if (purpose === "purchase_access") return "purchase"
  return requestHash === null ? "server" : "request"
}

function askedBy({ requestedAt, userAgent, clientAddress }: Link) {
  return { at: requestedAt, device: deviceLabel(userAgent), network: networkOf(clientAddress) }
}
