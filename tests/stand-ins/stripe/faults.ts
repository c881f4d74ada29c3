import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"

export const FAULT_KINDS = ["429", "500", "hang", "reset", "truncated", "html"] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  kind: FaultKind
  /** How many calls it still spoils; null until it is cleared. */
  times: number | null
  /** Only calls whose address starts so, such as `/v1/checkout`. */
  path: string
  /** Only this method, or any. */
  method: string | null
  /** Spoil the answer only after the call has had its effect: what idempotency keys are for. */
  after: boolean
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
    const fault = this.#list.find(
      row => path.startsWith(row.path) && (row.method === null || row.method === method),
    )
    if (fault?.times != null) {
      fault.times -= 1
      this.#list = this.#list.filter(row => row.times !== 0)
    }
    return fault
  }
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

/** Answers a call in the spoilt manner. `body` is what a good answer would have said. */
export function spoil(fault: Fault, response: ServerResponse, socket: Socket, body: string): void {
  const json = { "content-type": "application/json" }
  switch (fault.kind) {
    case "429":
    case "500":
      response.writeHead(Number(fault.kind), json).end(JSON.stringify({ error: ERRORS[fault.kind] }))
      return
    case "html":
      response
        .writeHead(502, { "content-type": "text/html" })
        .end("<html><body><h1>502 Bad Gateway</h1></body></html>")
      return
    case "reset":
      socket.resetAndDestroy()
      return
    case "truncated":
      response.writeHead(200, { ...json, "content-length": Buffer.byteLength(body) })
      response.write(body.slice(0, Math.floor(body.length / 2)), () => socket.destroy())
      return
    case "hang":
      return
  }
}
