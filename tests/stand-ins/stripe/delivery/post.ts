import { API_VERSION } from "../ledger"
import type { Attempt } from "./delivery"
import { signatureHeader } from "./signature"

/** Posts one signed event, signed with the time of this attempt, or the one given. A redirect is not followed: it is a failure. */
export async function postWebhook(
  url: string,
  body: string,
  secrets: string[],
  timeoutMs: number,
  stop: AbortSignal,
  time?: number,
): Promise<Attempt> {
  const at = Date.now()
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stop]),
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "stripe-signature": signatureHeader(body, secrets, time),
        "stripe-version": API_VERSION,
      },
    })
    await response.arrayBuffer()
    return { at, status: response.status, error: null, milliseconds: Date.now() - at }
  } catch (error) {
    return { at, status: null, error: reason(error), milliseconds: Date.now() - at }
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === "TimeoutError") return "No answer in time"
  return error.cause instanceof Error ? error.cause.message : error.message
}
