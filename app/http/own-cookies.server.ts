import { AsyncLocalStorage } from "node:async_hooks"

const pushed = new AsyncLocalStorage<string[]>()

/**
 * Runs the work of one request with the list of cookies its answer will carry. What follows in the same request goes by them:
 * once the session has a new id, the one the request came with is dead.
 */
export function withOwnCookies<T>(cookies: string[], work: () => T): T {
  return pushed.run(cookies, work)
}

/** The Set-Cookie headers this request has been given so far, the latest first. */
export function ownCookies(): string[] {
  return [...(pushed.getStore() ?? [])].reverse()
}
