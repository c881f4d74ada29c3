import { apiRoutes } from "./api/routes"
import { catchUp } from "./billing/due"
import { refused, StripeFailure } from "./errors"
import { expand } from "./expand"
import { type Faults, needsAnswer, type Reply, spoil } from "./faults"
import { decodeForm, type FormMap } from "./form-encoding"
import { earlierAnswer, keepAnswer } from "./idempotency"
import { newId } from "./ids"
import { API_VERSION, type Ledger } from "./ledger"
import { findRoute } from "./router"

export interface CallRecord {
  method: string
  path: string
  status: number
  idempotencyKey: string | null
  replayed: boolean
}

/** A request as it arrives, over HTTP or in process. */
export interface ApiRequest {
  method: string
  path: string
  query: string
  body: string
  /** Names in lower case. */
  headers: Record<string, string | undefined>
}

interface Answer {
  status: number
  body: string
  replayed?: string
}

/** Answers `/v1/…` as Stripe's API does. */
export class ApiServer {
  readonly calls: CallRecord[] = []

  constructor(
    private readonly ledger: Ledger,
    private readonly faults: Faults,
    private readonly commit: () => void,
  ) {}

  handle(request: ApiRequest): Reply {
    const { method, path } = request
    const id = newId("req")
    const idempotencyKey = method === "POST" ? (request.headers["idempotency-key"] ?? null) : null
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "request-id": id,
      "stripe-version": API_VERSION,
      ...(idempotencyKey === null ? {} : { "idempotency-key": idempotencyKey }),
    }
    const fault = this.faults.take(method, path)
    if (fault && !needsAnswer(fault)) {
      this.#record({ method, path, status: 0, idempotencyKey, replayed: false })
      return spoil(fault, { way: "whole", status: 0, headers, body: "", delayMs: 0 })
    }
    const answer = this.#answer(request, idempotencyKey, id)
    const { status, body, replayed } = answer
    this.#record({ method, path, status, idempotencyKey, replayed: replayed !== undefined })
    if (replayed !== undefined)
      Object.assign(headers, { "idempotent-replayed": "true", "original-request": replayed })
    const good: Reply = { way: "whole", status, headers, body, delayMs: 0 }
    return fault ? spoil(fault, good) : good
  }

  #record(call: CallRecord): void {
    this.calls.push(call)
    if (this.calls.length > 1_000) this.calls.shift()
  }

  #answer(request: ApiRequest, key: string | null, id: string): Answer {
    const { method, path, query, body, headers } = request
    try {
      this.#authenticate(headers.authorization ?? "")
      const earlier = key === null ? undefined : earlierAnswer(this.ledger, key, path, body)
      if (earlier) return { status: earlier.status, body: earlier.body, replayed: earlier.request }
      checkVersion(headers["stripe-version"])
      const form = decodeForm(method === "POST" ? body : query || body)
      const answer = this.#run(method, path, form, { id, key })
      if (key !== null && answer.keep) keepAnswer(this.ledger, key, { path, body, request: id }, answer)
      if (method !== "GET") this.commit()
      return answer
    } catch (error) {
      return { status: statusOf(error), body: failureBody(error, id) }
    }
  }

  #run(
    method: string,
    path: string,
    form: FormMap,
    request: { id: string; key: string | null },
  ): Answer & { keep: boolean } {
    const { route, named } = findRoute(apiRoutes, method, path)
    catchUp(this.ledger)
    this.ledger.request = method === "GET" ? null : { id: request.id, idempotency_key: request.key }
    try {
      const answer = route.answer(this.ledger, form, named)
      const paths = Array.isArray(form.expand) ? form.expand.filter(step => typeof step === "string") : []
      return { status: 200, body: JSON.stringify(expand(this.ledger, answer, paths), null, 2), keep: true }
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error
      // Stripe keeps the answer once the call began to run; a parameter that fails its check is not kept.
      return { status: error.status, body: failureBody(error, request.id), keep: error.status === 402 }
    } finally {
      this.ledger.request = null
    }
  }

  #authenticate(authorization: string): void {
    const basic = authorization.startsWith("Basic ")
      ? Buffer.from(authorization.slice(6), "base64").toString().split(":")[0]
      : undefined
    const key = basic ?? authorization.replace(/^Bearer /, "")
    if (key === this.ledger.settings.secretKey) return
    const message =
      key === ""
        ? "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        : `Invalid API Key provided: ${key.slice(0, 8)}${"*".repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`
    throw new StripeFailure(401, { type: "invalid_request_error", message })
  }
}

// The answers have one shape only; another version would be told something else by Stripe.
function checkVersion(version: string | undefined): void {
  if (version === undefined || version === API_VERSION) return
  throw refused(`Invalid Stripe API version: ${version}. The local Stripe speaks ${API_VERSION} only.`)
}

const statusOf = (error: unknown) => (error instanceof StripeFailure ? error.status : 500)

function failureBody(error: unknown, requestId: string): string {
  if (error instanceof StripeFailure) {
    const request_log_url = `https://dashboard.stripe.com/test/logs/${requestId}`
    return JSON.stringify({ error: { ...error.body, request_log_url } }, null, 2)
  }
  // A bug of the stand-in itself: say so loudly, or a test would blame the application.
  console.error("The local Stripe failed:", error)
  const text = error instanceof Error ? error.message : String(error)
  return JSON.stringify({ error: { type: "api_error", message: `The local Stripe failed: ${text}` } })
}
