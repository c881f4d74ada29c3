import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { type AccountOptions, DEFAULT_SECRET_KEY, openAccount } from "./account"
import { catchUp } from "./billing/due"
import type { Context } from "./control/context"
import { type ControlMethods, controlMethods, runControl } from "./control/controls"
import { createEndpoint } from "./delivery/endpoints"
import { apiRequestOf, sendReply } from "./http-door"
import { randomText } from "./ids"
import type { Ledger } from "./ledger"
import { Life } from "./lives/life"
import { answerPage } from "./pages/pages"

export { DEFAULT_SECRET_KEY } from "./account"

export interface LocalStripeOptions extends AccountOptions {
  /** Nothing, or 0, takes a port that is free. */
  port?: number
  webhookUrl?: string
  webhookSecret?: string
  /** The event types sent to `webhookUrl`; all of them unless named. */
  webhookEvents?: string[]
}

export interface LocalStripe extends ControlMethods {
  url: string
  host: string
  port: number
  secretKey: string
  /** The secret of `webhookUrl`. */
  webhookSecret: string
  /**
   * Forgets all customers and begins a life of the account at a time in seconds; the same seed gives the same life. An
   * app that keeps its database from life to life needs each to begin after the last.
   */
  life(seed: number, begins?: number): Life
  stop(): Promise<void>
}

/**
 * Starts a Stripe account on this machine: API, webhooks, hosted pages, and controls for tests. It listens on
 * 127.0.0.1 only. Fails when the port is taken.
 */
export async function startLocalStripe(options: LocalStripeOptions = {}): Promise<LocalStripe> {
  const webhookSecret = options.webhookSecret ?? `whsec_local_${randomText(24)}`
  const { context, controls, baseUrl, flush } = openAccount(options)
  const { ledger, webhooks } = context

  const server = createServer((request, response) => {
    answer(context, request, response).catch(error => {
      console.error("The local Stripe failed:", error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const port = await listen(server, options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  baseUrl(url)
  if (options.webhookUrl)
    keepEndpoint(ledger, options.webhookUrl, webhookSecret, options.webhookEvents ?? ["*"])
  webhooks.resume()
  const heart = setInterval(() => {
    const known = ledger.events.size
    catchUp(ledger)
    if (ledger.events.size !== known) context.commit()
  }, 5_000)
  heart.unref()

  return {
    ...controls,
    url,
    host: "127.0.0.1",
    port,
    secretKey: options.secretKey ?? DEFAULT_SECRET_KEY,
    webhookSecret,
    life: (seed, begins) => new Life(context, seed, begins),
    stop: async () => {
      clearInterval(heart)
      webhooks.stop()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      flush()
    },
  }
}

/** The controls of a local Stripe that runs as a process of its own. */
export function remoteLocalStripe(url: string): ControlMethods {
  return controlMethods(async (name, input) => {
    const response = await fetch(`${url}/_local/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input ?? {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return text === "" ? undefined : JSON.parse(text)
  })
}

function keepEndpoint(ledger: Ledger, url: string, secret: string, enabled_events: string[]): void {
  const known = ledger.webhookEndpoints.find(row => row.url === url)
  if (known) ledger.webhookSecrets.put({ id: known.id, secrets: [secret] })
  else createEndpoint(ledger, { url, enabled_events, secret })
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address()
      resolve(typeof address === "object" && address ? address.port : port)
    })
  })
}

const BODY_LIMIT = 1_000_000

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > BODY_LIMIT) throw new Error("The request is larger than a megabyte.")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1")
  const host = (request.headers.host ?? "").replace(/:\d+$/, "")
  // Names other than our own reach a loopback server only by DNS rebinding.
  if (host !== "127.0.0.1" && host !== "localhost") {
    response.writeHead(421).end("The local Stripe answers to 127.0.0.1 and localhost only.")
    return
  }
  const body = await readBody(request)
  if (pathname.startsWith("/v1/")) {
    const reply = context.api.handle(apiRequestOf(request, pathname, search.slice(1), body))
    return sendReply(reply, request, response)
  }
  if (request.method !== "GET" && request.method !== "HEAD" && fromElsewhere(request)) {
    response.writeHead(403).end("This form was sent from another site.")
    return
  }
  if (pathname.startsWith("/_local/"))
    return answerControl(context, response, pathname.slice("/_local/".length), body)
  await answerPage(context, request, response, { path: pathname, query: search.slice(1), body })
}

function fromElsewhere(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  return origin !== undefined && origin !== `http://${host}`
}

async function answerControl(
  context: Context,
  response: ServerResponse,
  name: string,
  body: string,
): Promise<void> {
  try {
    const result = await runControl(context, name, body === "" ? {} : JSON.parse(body))
    context.commit()
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result))
  } catch (error) {
    response.writeHead(400).end(error instanceof Error ? error.message : String(error))
  }
}
