import { AsyncLocalStorage } from "node:async_hooks"

/** `hint`: its first characters, by which people know it. Names are not unique. */
type ActingKey = { id: string; name: string; hint: string }

const acting = new AsyncLocalStorage<ActingKey>()

/** Runs `work` as done with this API key: what it writes to the audit log says so. */
export function actingWithKey<T>({ id, name, hint }: ActingKey, work: () => T): T {
  return acting.run({ id, name, hint }, work)
}

/** Runs `work` as nobody's key in particular: for what is started by a request and is not part of it. */
export function actingWithoutKey<T>(work: () => T): T {
  return acting.exit(work)
}

/** The API key that this code runs for, if any. */
export function actingKey(): ActingKey | undefined {
  return acting.getStore()
}
