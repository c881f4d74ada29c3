import { z } from "zod"
import { mailboxKey } from "./message"

/** What may go wrong on purpose. Everything unnamed works. */
export const FaultSettings = z
  .object({
    /** `close`: hang up at once. `421`: say so first. `silent`: take the connection and never greet. */
    connect: z.enum(["accept", "close", "421", "silent"]),
    /** What the server speaks; `starttls` and `implicit` show a self-signed, expired certificate. */
    tls: z.enum(["none", "starttls", "implicit"]),
    /** `required`: 530 without a login. `refused`: 535 whoever comes. */
    login: z.enum(["optional", "required", "refused"]),
    /** `refused`: 553 to MAIL FROM. */
    sender: z.enum(["accept", "refused"]),
    /** `refused`: 550 to RCPT TO. `later`: 451. `relay`: 554 as a server says that does not know the sender. */
    recipient: z.enum(["accept", "refused", "later", "relay"]),
    /** After the message: `refused` 554 · `later` 451 · `hang` never answers · `hang-up` closes without an answer ·
     * `accept-and-hang-up` answers 250, then closes · `echo` answers 554 and repeats the message. */
    data: z.enum(["accept", "refused", "later", "hang", "hang-up", "accept-and-hang-up", "echo"]),
    /** Milliseconds before each message is answered. */
    slow: z.number().int().min(0).max(600_000),
    /** The faults of recipient and data strike these addresses only; empty means everybody. */
    only: z.array(z.string()),
  })
  .strict()

export type FaultSettings = z.infer<typeof FaultSettings>

const none: FaultSettings = {
  connect: "accept",
  tls: "none",
  login: "optional",
  sender: "accept",
  recipient: "accept",
  data: "accept",
  slow: 0,
  only: [],
}

export type Faults = ReturnType<typeof createFaults>

export function createFaults() {
  let current = none
  let left = Number.POSITIVE_INFINITY

  function clear() {
    current = none
    left = Number.POSITIVE_INFINITY
  }

  /** Reads one fault as it strikes; the last of a counted run heals the server. */
  function strike<Name extends "connect" | "login" | "sender" | "recipient" | "data">(
    name: Name,
    addresses: string[] = [],
  ): FaultSettings[Name] {
    const spared = current.only.length > 0 && !current.only.some(only => addresses.includes(mailboxKey(only)))
    if (spared && (name === "recipient" || name === "data")) return none[name]
    const fault = current[name]
    if (fault !== none[name]) {
      left -= 1
      if (left <= 0) clear()
    }
    return fault
  }

  return {
    /** Replaces all faults. With `times`, the server is healthy again after that many have struck. */
    set(settings: Partial<FaultSettings>, times = Number.POSITIVE_INFINITY) {
      current = { ...none, ...settings }
      left = times
    },
    clear,
    strike,
    get current() {
      return current
    },
  }
}
