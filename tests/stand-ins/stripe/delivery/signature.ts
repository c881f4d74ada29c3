import { createHmac } from "node:crypto"

/**
 * The `stripe-signature` header: the time and one HMAC-SHA256 of `time.body` per secret. There are two secrets
 * while one is being replaced. Source: https://docs.stripe.com/webhooks#verify-manually
 */
export function signatureHeader(
  body: string,
  secrets: string[],
  time = Math.floor(Date.now() / 1000),
): string {
  const signatures = secrets.map(
    secret => `v1=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`,
  )
  return [`t=${time}`, ...signatures].join(",")
}
