import { randomBytes } from "node:crypto"
import { now } from "~/platform/clock.server"

/** A new row id: 48 bits of time and 80 random bits, so that ids sort by age (the layout of a ULID, in hex). */
export function newId(): string {
  return now().getTime().toString(16).padStart(12, "0") + randomBytes(10).toString("hex")
}
