/**
 * The purchase cookie: it marks the browser that began a purchase, for two hours. In that browser the form remembers what was
 * typed, and a mistyped address is shown and can be mended. It signs nobody in.
 */
import { hostCookie } from "~/http/session-cookie.server"
import { keyedHash, sameHash } from "~/platform/crypto.server"

const cookie = hostCookie("gatehouse-purchase", () => 2 * 60 * 60 * 1000)

/** The header that marks a browser as the one that began this checkout. */
export function markPurchase(checkoutId: string): string {
  return cookie.serialize(`${checkoutId}.${proofOf(checkoutId)}`)
}

/** The id of the checkout this browser began, if it did. */
export function markedPurchase(request: Request): string | undefined {
  const [checkoutId = "", proof = ""] = cookie.read(request.headers.get("Cookie"))?.split(".") ?? []
  return checkoutId && sameHash(proof, proofOf(checkoutId)) ? checkoutId : undefined
}

function proofOf(checkoutId: string): string {
  return keyedHash("purchase-browser", checkoutId)
}
