import { randomBytes } from "node:crypto"

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** A random string of letters and digits, as Stripe's ids end in. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), byte => ALPHABET[byte % ALPHABET.length]).join("")
}

/** A fresh id such as `cus_4fH…`. Checkout sessions of test mode carry a longer one. */
export function newId(prefix: string): string {
  if (prefix === "cs") return `cs_test_a1${randomText(56)}`
  return `${prefix}_${randomText(prefix.length > 3 ? 24 : 14)}`
}
