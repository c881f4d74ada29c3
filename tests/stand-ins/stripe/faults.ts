export const FAULT_KINDS = ["429", "500", "hang", "reset", "truncated", "html", "slow"] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  kind: FaultKind
  /** How many calls it still spoils; null until it is cleared. */
  times: number | null
  /** How many of the calls meant go well before the first is spoilt. */
  skip: number
  /** Only calls whose address starts so, such as `/v1/checkout` or `/v1/subscriptions/:id`. */
  path: string
  /** Only this address itself, not what lies below it. */
  exact: boolean
  /** Only this method, or any. */
  method: string | null
  /** Spoil the answer only after the call has had its effect: what idempotency keys are for. */
  after: boolean
  /** What a 429 says to wait, in seconds; null to say nothing. */
  retryAfter: number | null
  /** How late a slow answer comes. */
  delayMs: number
}

/** What goes wrong with the API's answers. */
export class Faults {
  #list: Fault[] = []

  add(fault: Fault): void {
    this.#list.push(fault)
  }

  clear(): void {
    this.#list = []
  }

  list(): Fault[] {
    return this.#list
  }

  /** Takes the first fault meant for a call, and counts it. */
  take(method: string, path: string): Fault | undefined {
    for (const fault of this.#list) {
      if (!isMeant(fault, method, path)) continue
      if (fault.skip > 0) {
        fault.skip -= 1
        continue
      }
      if (fault.times !== null) fault.times -= 1
      this.#list = this.#list.filter(row => row.times !== 0)
      return fault
    }
    return undefined
  }
}

function isMeant(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== null && fault.method !== method) return false
  const escaped = fault.path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(":id", "[^/]+")
  return new RegExp(`^${escaped}${fault.exact ? "$" : ""}`).test(path)
}

/** An answer as it leaves: whole, cut off half-way, or none because the connection is closed or nobody answers. */
export interface Reply {
  way: "whole" | "cut" | "reset" | "hang"
  status: number
  headers: Record<string, string>
  body: string
  delayMs: number
}

const ERRORS = {
  "429": {
    type: "invalid_request_error",
    code: "rate_limit",
    message:
      "Too many requests hit the API too quickly. We recommend an exponential backoff of your requests.",
  },
  "500": { type: "api_error", message: "An unknown error occurred. (A fault set on the local Stripe.)" },
}

/** What becomes of a good answer under a fault. */
export function spoil(fault: Fault, good: Reply): Reply {
  switch (fault.kind) {
    case "429":
    case "500": {
      const headers = {
        ...good.headers,
        ...(fault.kind === "429" && fault.retryAfter !== null
          ? { "retry-after": String(fault.retryAfter) }
          : {}),
      }
      return {
        ...good,
        status: Number(fault.kind),
        headers,
        body: JSON.stringify({ error: ERRORS[fault.kind] }),
      }
    }
    case "html":
      return {
        ...good,
        status: 502,
        headers: { ...good.headers, "content-type": "text/html" },
        body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
      }
    case "truncated":
      return { ...good, way: "cut" }
    case "slow":
      return { ...good, delayMs: fault.delayMs }
    case "reset":
    case "hang":
      return { ...good, way: fault.kind }
  }
}

/** Whether the fault spoils an answer that was made; the others come in place of one. */
export function needsAnswer(fault: Fault): boolean {
  return fault.after || fault.kind === "truncated" || fault.kind === "slow"
}
