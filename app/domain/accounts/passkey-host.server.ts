import { isIP } from "node:net"
import { env } from "~/platform/env.server"

/** The name passkeys are made for here, and the address of the pages that may ask for them. */
export function passkeyHost(): { rpId: string; origin: string } {
  return env().webauthn
}

/** Whether passkeys can work at this address at all: browsers make none for a bare IP address. */
export function passkeysWorkHere(): boolean {
  return isIP(passkeyHost().rpId.replace(/^\[|\]$/g, "")) === 0
}

/** What an authenticator keeps beside a passkey and gives back with it, so that nobody needs to type an address. No address itself. */
export function userHandleOf(userId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(userId, "utf8"))
}
