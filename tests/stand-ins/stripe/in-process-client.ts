import Stripe from "stripe"
import type { ApiServer } from "./api-server"
import type { Reply } from "./faults"

/**
 * Carries the SDK's calls to the API in this process, without a socket. Faults look as they do over HTTP: a reset is
 * a closed connection, a hang ends at the SDK's own timeout.
 */
export class InProcessClient extends Stripe.HttpClient {
  readonly #api: ApiServer

  constructor(api: ApiServer) {
    super()
    this.#api = api
  }

  override getClientName(): string {
    return "in-process"
  }

  override async makeRequest(
    _host: string,
    _port: string,
    address: string,
    method: string,
    headers: Record<string, string | number | string[]>,
    body: string,
    _protocol: string,
    timeout: number,
  ): Promise<InProcessResponse> {
    const [path = "", query = ""] = address.split("?")
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
    const reply = this.#api.handle({
      method,
      path,
      query,
      body: body ?? "",
      headers: Object.fromEntries(lower),
    })
    if (reply.way === "hang" || reply.delayMs >= timeout) {
      await wait(timeout)
      throw Stripe.HttpClient.makeTimeoutError()
    }
    await wait(reply.delayMs)
    if (reply.way === "reset") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })
    return new InProcessResponse(reply)
  }
}

const wait = (milliseconds: number) =>
  milliseconds > 0 ? new Promise<void>(resolve => setTimeout(resolve, milliseconds)) : Promise.resolve()

class InProcessResponse extends Stripe.HttpClientResponse {
  readonly #reply: Reply

  constructor(reply: Reply) {
    super(reply.status, reply.headers)
    this.#reply = reply
  }

  override getRawResponse(): unknown {
    return this.#reply
  }

  override async toJSON(): Promise<unknown> {
    const { body, way } = this.#reply
    if (way === "cut") throw Stripe.HttpClient.makeResponseBodyError(null)
    return this._parseResponseBody(body)
  }
}
