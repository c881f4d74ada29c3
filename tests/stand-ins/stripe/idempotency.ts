import { createHash } from "node:crypto"
import { DAY } from "./clock"
import { refused, StripeFailure } from "./errors"
import type { IdempotentAnswer } from "./facts"
import type { Ledger } from "./ledger"

const fingerprintOf = (path: string, body: string) =>
  createHash("sha256").update(`${path}\n${body}`).digest("hex")

/**
 * The answer already given under this key, if any. Another request under the same key is refused.
 * Keys live 24 hours. Source: https://docs.stripe.com/api/idempotent_requests
 */
export function earlierAnswer(
  ledger: Ledger,
  key: string,
  path: string,
  body: string,
): IdempotentAnswer | undefined {
  if (key.length > 255) throw refused("Idempotency keys may be up to 255 characters long.")
  const earlier = ledger.idempotentAnswers.get(key)
  if (!earlier || earlier.created < Date.now() / 1000 - DAY) return undefined
  if (earlier.fingerprint === fingerprintOf(path, body)) return earlier
  throw new StripeFailure(400, {
    type: "idempotency_error",
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })
}

/** Keeps an answer under its key. */
export function keepAnswer(
  ledger: Ledger,
  key: string,
  call: { path: string; body: string; request: string },
  answer: { status: number; body: string },
): void {
  const { path, body, request } = call
  const created = Math.floor(Date.now() / 1000)
  ledger.idempotentAnswers.put({
    id: key,
    fingerprint: fingerprintOf(path, body),
    request,
    created,
    ...answer,
  })
}
