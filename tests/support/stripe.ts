import { afterAll, beforeAll } from "vitest"
import { activationResend } from "~/domain/billing/activation-resend.server"
import { startCheckout } from "~/domain/billing/checkout.server"
import { keepEarlierInvoices } from "~/domain/billing/earlier-invoices.server"
import { handleStripeEvent } from "~/domain/billing/handle-event.server"
import type { PlanId } from "~/domain/billing/plans"
import { forgetPrices } from "~/domain/billing/prices.server"
import { closeRivals } from "~/domain/billing/rival-checkouts.server"
import { receiveStripeEvent } from "~/domain/billing/stripe-events.server"
import { closeOtherTrials, endTrial } from "~/domain/billing/trials.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { type Jobs, startJobs } from "~/platform/jobs.server"
import type { Checkout } from "~/platform/models.server"
import { signatureHeader } from "../stand-ins/stripe/delivery/signature"
import { type LocalStripe, startLocalStripe } from "../stand-ins/stripe/local-stripe"
import type { EventObject } from "../stand-ins/stripe/objects"
import type { Browser } from "./browser"
import { freshDatabase } from "./database"
import { setUpWorld, type World } from "./world"

export const webhookSecret = "whsec_local_tests_0000"

/** The order in which Stripe tells of a first purchase, when nothing is delayed. */
export const firstEvents = [
  "customer.subscription.created",
  "customer.subscription.updated",
  "invoice.paid",
  "checkout.session.completed",
] as const

export type Billing = {
  stripe: LocalStripe
  jobs: Jobs
  /** The database, for a second connection. */
  file: string
  /** Starts a checkout as a stranger would, and pays on Stripe's page. */
  buy: (purchase?: Purchase) => Promise<Bought>
  /** Everything Stripe has to tell since the last call, of the types given; nothing is delivered by itself. */
  news: (types?: readonly string[]) => Promise<EventObject[]>
  /** Posts one event to the webhook, signed as Stripe signs, at the app’s own time. */
  deliver: (event: EventObject) => ReturnType<typeof receiveStripeEvent>
  /** The rows a purchase left behind, without ids and times: what two orders of events must agree on. */
  stateOf: (checkoutId: string) => Promise<unknown>
  close: () => Promise<void>
}

export type Purchase = {
  plan?: PlanId
  interval?: "month" | "year"
  email?: string
  businessName?: string
  organizationId?: string
  userId?: string
  outcome?: "paid" | "bank_debit" | "open"
}

export type Bought = { checkout: Checkout; sessionId: string; subscriptionId: string }

let buyers = 0

/** A local Stripe, an empty database and a queue that runs when told, wired to each other. */
export async function startBilling(settings: Record<string, string | undefined> = {}): Promise<Billing> {
  const stripe = await startLocalStripe()
  await stripe.seedCatalogue()
  forgetPrices()
  setEnv({
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "1000000",
    ...settings,
  })
  const database = await freshDatabase()
  const jobs = startJobs(
    [handleStripeEvent, activationResend, closeRivals, closeOtherTrials, endTrial, keepEarlierInvoices],
    [],
    { manual: true },
  )
  const told = new Set<string>()
  return {
    stripe,
    jobs,
    file: database.file,
    buy: purchase => buy(stripe, purchase),
    news: async types => {
      const events = (await stripe.events(types ? { types: [...types] } : {})).filter(
        event => !told.has(event.id),
      )
      for (const event of events) told.add(event.id)
      return events
    },
    deliver: event => {
      const body = JSON.stringify(event)
      const time = Math.floor(now().getTime() / 1000)
      return receiveStripeEvent(Buffer.from(body), signatureHeader(body, [webhookSecret], time))
    },
    stateOf,
    close: async () => {
      await jobs.stop()
      await database.close()
      await stripe.stop()
      setEnv({})
    },
  }
}

async function buy(stripe: LocalStripe, purchase: Purchase = {}): Promise<Bought> {
  buyers += 1
  const { outcome = "paid", ...wishes } = purchase
  const started = await startCheckout({
    plan: "professional",
    interval: "month",
    email: `buyer-${buyers}@example.test`,
    businessName: `Example ${buyers}`,
    requester: { clientAddress: "192.0.2.7", userAgent: "tests" },
    ...wishes,
  })
  if (!started.ok) throw new Error(`The checkout was refused: ${started.error.code}`)
  const { sessionId } = started.value
  const session =
    outcome === "open" ? undefined : (await stripe.completeCheckout({ session: sessionId, outcome })).session
  const checkout = await db().checkout.findUniqueOrThrow({ where: { stripeSessionId: sessionId } })
  return { checkout, sessionId, subscriptionId: session?.subscription ?? "" }
}

async function stateOf(checkoutId: string): Promise<unknown> {
  const checkout = await db().checkout.findUniqueOrThrow({
    where: { id: checkoutId },
    include: {
      organization: {
        include: {
          memberships: { include: { user: true } },
          subscriptions: true,
          onboarding: { include: { steps: true } },
        },
      },
    },
  })
  const { organization } = checkout
  const mails = await db().mail.findMany({
    where: { recipient: checkout.email },
    orderBy: { createdAt: "asc" },
  })
  return {
    state: checkout.state,
    organization: organization && {
      named: organization.name === checkout.businessName,
      customer: organization.stripeCustomerId === organization.subscriptions[0]?.stripeCustomerId,
      begun: organization.onboarding?.steps,
      members: organization.memberships.map(({ role, user }) => ({
        role,
        isBuyer: user.email === checkout.email,
        proven: user.provenAt !== null,
      })),
      subscriptions: organization.subscriptions.map(({ status, plan, interval, cancelAt, endedAt }) => {
        return { status, plan, interval, cancelAt, endedAt }
      }),
    },
    mails: mails.map(mail => mail.template),
  }
}

export type BillingWorld = World & {
  stripe: LocalStripe
  /** Goes through the form as a stranger does and pays; the webhooks wait until they are released. */
  purchase: (
    browser: Browser,
    fields?: Record<string, string>,
  ) => Promise<{ sessionId: string; pending: string }>
  /** Lets everything Stripe has to tell arrive, and runs what follows. */
  arrive: () => Promise<void>
}

/** The whole app with a local Stripe at the other end of real HTTP. Webhooks are held until `arrive`. */
export function setUpBillingWorld(): () => Promise<BillingWorld> {
  const world = setUpWorld()
  let stripe: LocalStripe
  beforeAll(async () => {
    stripe = await startLocalStripe()
    await stripe.seedCatalogue()
  })
  afterAll(() => stripe.stop())

  return async () => {
    const w = await world()
    forgetPrices()
    await stripe.reset()
    await stripe.webhookTo({ url: `${w.url}/api/webhooks/stripe`, secret: webhookSecret })
    await stripe.setDelivery({ mode: "held" })
    const settings = (values: Record<string, string> = {}) =>
      w.settings({
        STRIPE_SECRET_KEY: stripe.secretKey,
        STRIPE_API_URL: stripe.url,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
        ...values,
      })
    settings()
    return {
      ...w,
      settings,
      stripe,
      purchase: async (browser, fields = {}) => {
        const answer = await browser.post("/checkout", {
          plan: "professional",
          interval: "month",
          email: "dora@example.test",
          businessName: "Dora & Daughters",
          ...fields,
        })
        if (!answer.location) throw new Error(`The form was refused with ${answer.status}: ${answer.body}`)
        const { session, redirect } = await stripe.completeCheckout()
        return { sessionId: session.id, pending: browser.inside(redirect ?? "") }
      },
      arrive: async () => {
        for (const { id, event } of await stripe.queuedDeliveries()) {
          const [told] = (await stripe.events()).filter(one => one.id === event)
          if (told) await postEvent(w.url, told)
          await stripe.drop({ delivery: id })
        }
        await w.settle()
      },
    }
  }
}

/** Posts an event as Stripe would at the app's own time, which a test may have moved away from Stripe's. */
export async function postEvent(url: string, event: EventObject): Promise<Response> {
  const body = JSON.stringify(event)
  const time = Math.floor(now().getTime() / 1000)
  return fetch(`${url}/api/webhooks/stripe`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Stripe-Signature": signatureHeader(body, [webhookSecret], time),
    },
    body,
  })
}
