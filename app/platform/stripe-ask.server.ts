import type Stripe from "stripe"
import { err, ok, type Result } from "~/lib/result"
import { type StripeTrouble, stripeTrouble } from "~/platform/stripe.server"

/**
 * Asks Stripe once, for a page that can do without the answer: after `patience` milliseconds it counts as unreachable, whatever
 * still trickles in. Throws what is no trouble of Stripe's.
 */
export async function askOnce<T>(
  patience: number,
  ask: (options: Stripe.RequestOptions) => Promise<T>,
): Promise<Result<T, StripeTrouble>> {
  const answer = answerOf(() => ask({ timeout: patience, maxNetworkRetries: 0 }))
  // Too late is too late, also for a failure nobody waits for any more.
  answer.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Result<T, StripeTrouble>>(resolve => {
    timer = setTimeout(() => resolve(err({ kind: "unreachable", words: "no answer in time" })), patience)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

async function answerOf<T>(ask: () => Promise<T>): Promise<Result<T, StripeTrouble>> {
  try {
    return ok(await ask())
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    return err(trouble)
  }
}
