/**
 * Who calls with `Authorization: Bearer` (RFC 6750): a person's program with an access token, or an organisation's with an API key.
 * It is found out once, before an endpoint runs, and everything that asks who is signed in hears it from here. Pages never do:
 * there, only the session cookie counts.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { apiKeyPrefix, findApiKey, type KeyCaller } from "~/domain/organizations/api-key-lookup.server"
import { type Named, readAccessToken } from "~/domain/sign-in/access-tokens.server"
import { failureJson } from "~/http/failures.server"
import { andThen, type Soon } from "~/lib/soon"
import { actingWithKey } from "~/platform/acting-key.server"

export type Bearer = ({ kind: "session" } & Named) | { kind: "key"; key: KeyCaller }

const found = new AsyncLocalStorage<Bearer>()

/** Whose token or key this request carries, if it carries one. */
export function bearer(): Bearer | undefined {
  return found.getStore()
}

/** When the access token of this request ends, if it came by one: the next may not outlive it. */
export function shownUntil(): Date | undefined {
  const who = bearer()
  return who?.kind === "session" ? who.expiresAt : undefined
}

/** Runs the work of one request for whoever its token or key names. Throws the 401 for one that does not count, unless told to ignore it. */
export async function withBearer<T>(
  request: Request,
  work: () => Promise<T>,
  stale: "refused" | "ignored" = "refused",
): Promise<T> {
  const text = bearerText(request.headers.get("Authorization"))
  if (text === undefined) return work()
  const who = await readBearer(text)
  if (who?.kind === "key") return actingWithKey(who.key, () => found.run(who, work))
  if (who) return found.run(who, work)
  if (stale === "ignored") return work()
  throw failureJson("invalid_token")
}

/** What stands behind `Bearer`; undefined for another scheme, or none. */
export function bearerText(header: string | null | undefined): string | undefined {
  const [matched, text = ""] = /^bearer(?: +(.*))?$/i.exec(header ?? "") ?? []
  return matched === undefined ? undefined : text.trim()
}

/** Whose token or key this is. Undefined for any other text. */
export function readBearer(text: string): Soon<Bearer | undefined> {
  if (text.startsWith(apiKeyPrefix)) {
    const key = findApiKey(text)
    return key && { kind: "key", key }
  }
  return andThen(readAccessToken(text), read => read && { kind: "session", ...read })
}
