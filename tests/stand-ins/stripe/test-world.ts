import { createServer, type IncomingHttpHeaders } from "node:http"
import Stripe from "stripe"
import { afterEach } from "vitest"
import { type LocalStripe, type LocalStripeOptions, startLocalStripe } from "./local-stripe"

interface Received {
  body: string
  headers: IncomingHttpHeaders
}

export interface Receiver {
  url: string
  received: Received[]
  types(): string[]
  /** What the next webhooks are answered with; 200 when the list is empty. */
  answers: number[]
}

const closing: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A webhook endpoint that keeps what it is sent. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const answers: number[] = []
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", chunk => {
      body += chunk
    })
    request.on("end", () => {
      received.push({ body, headers: request.headers })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  const port = await new Promise<number>(resolve =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : 0)
    }),
  )
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  const types = () => received.map(({ body }) => String(JSON.parse(body).type))
  return { url: `http://127.0.0.1:${port}/webhook`, received, answers, types }
}

/** The real SDK, speaking to a local Stripe. */
export function sdk(
  local: LocalStripe,
  config: Partial<ConstructorParameters<typeof Stripe>[1]> = {},
): Stripe {
  return new Stripe(local.secretKey, {
    host: local.host,
    port: local.port,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: 2_000,
    telemetry: false,
    ...config,
  })
}

export interface World {
  local: LocalStripe
  stripe: Stripe
  receiver: Receiver
  prices: Record<string, string>
  price(key: string): string
  openSession(more?: Stripe.Checkout.SessionCreateParams): Promise<Stripe.Checkout.Session>
}

/** A local Stripe with the catalogue, the SDK, and a webhook endpoint. */
export async function world(options: LocalStripeOptions = {}): Promise<World> {
  const receiver = await startReceiver()
  const local = await startLocalStripe({ webhookUrl: receiver.url, webhookSecret: "whsec_test", ...options })
  closing.push(() => local.stop())
  const prices = await local.seedCatalogue()
  await local.settled()
  receiver.received.length = 0
  const stripe = sdk(local)
  const price = (key: string) => {
    const id = prices[key]
    if (id === undefined) throw new Error(`The catalogue has no ${key}.`)
    return id
  }
  const openSession = (more: Stripe.Checkout.SessionCreateParams = {}) =>
    stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: price("gatehouse_starter_monthly"), quantity: 1 }],
      customer_email: "alice@example.com",
      success_url: "http://localhost:3000/onboarding/pending?session_id={CHECKOUT_SESSION_ID}",
      cancel_url: "http://localhost:3000/pricing",
      ...more,
    })
  return { local, stripe, receiver, prices, price, openSession }
}

/** Buys a subscription and answers it as the API shows it. */
export async function subscribed(
  { local, stripe, openSession }: World,
  more?: Stripe.Checkout.SessionCreateParams,
) {
  const open = await openSession(more)
  const { session } = await local.completeCheckout({ session: open.id })
  const subscription = await stripe.subscriptions.retrieve(String(session.subscription))
  return { session, subscription, customer: String(session.customer) }
}
