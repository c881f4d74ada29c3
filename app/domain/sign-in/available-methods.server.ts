import { passkeysWorkHere } from "~/domain/accounts/passkey-host.server"
import { isOffered, isProvider, nameOfProvider } from "~/domain/accounts/providers.server"
import { nameOfMethod, type SignInMethod, signInMethodList } from "~/domain/accounts/sign-in-methods"
import { env } from "~/platform/env.server"

export type AvailableMethod = { method: SignInMethod; name: string }

/** The ways to sign in that this installation has, by the names people know them by here, in the order forms show them. */
export function availableMethods(): AvailableMethod[] {
  return signInMethodList.filter(isAvailable).map(method => ({ method, name: nameHere(method) }))
}

/** Whether anybody can come in this way here. */
export function isAvailable(method: string): boolean {
  if (method === "passkey") return passkeysWorkHere()
  if (method === "password") return env().passwords !== "off"
  return method === "email" || isOffered(method)
}

/** The name of a method as this installation calls it. */
export function nameHere(method: string): string {
  return isProvider(method) ? nameOfProvider(method) : nameOfMethod(method)
}
