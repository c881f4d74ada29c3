import { createHash } from "node:crypto"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"

/** Milliseconds somebody waits for a stranger's server. */
const patience = 1_000

/**
 * Whether a password is known from break-ins, by k-anonymity (https://haveibeenpwned.com/API/v3#PwnedPasswords): the first five
 * characters of its SHA-1 are sent, and some hundred endings come back, padded so that their number tells nothing. Without an
 * answer within a second it counts as unknown.
 */
export async function isBreached(password: string): Promise<boolean> {
  const { breachedPasswordsUrl } = env()
  if (!breachedPasswordsUrl) return false
  const hash = createHash("sha1").update(password).digest("hex").toUpperCase()
  try {
    const answer = await fetch(breachedPasswordsUrl + hash.slice(0, 5), {
      headers: { "Add-Padding": "true", "User-Agent": "Gatehouse" },
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    })
    if (!answer.ok) throw new Error(`The list of breached passwords answered ${answer.status}.`)
    return countIn(await answer.text(), hash.slice(5)) > 0
  } catch (error) {
    log.warn({ error }, "breached passwords not asked")
    return false
  }
}

/** Lines of `ENDING:COUNT`; padding has the count 0. */
function countIn(range: string, ending: string): number {
  const line = range.split(/\r?\n/).find(candidate => candidate.toUpperCase().startsWith(`${ending}:`))
  return Number(line?.slice(ending.length + 1) ?? 0)
}
