import { AsyncLocalStorage } from "node:async_hooks"

const acting = new AsyncLocalStorage<{ name: string }>()

/** Runs `work` as done with the API key of this name: what it writes to the audit log says so. */
export function actingWithKey<T>(name: string, work: () => T): T {
  return acting.run({ name }, work)
}

/** Runs `work` as nobody's key in particular: for what is started by a request and is not part of it. */
export function actingWithoutKey<T>(work: () => T): T {
  return acting.exit(work)
}

/** The name of the API key that this code runs for, if any. */
export function actingKey(): string | undefined {
  return acting.getStore()?.name
}
