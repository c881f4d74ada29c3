import Stripe from "stripe"
import { afterAll, beforeAll, describe } from "vitest"
import { type LocalStripe, startLocalStripe } from "../local-stripe"
import { sdk } from "../test-world"

/**
 * The same behaviour is asked of the local Stripe, always, and of Stripe's real test mode when STRIPE_TEST_KEY holds a
 * test key. What a run makes there hangs on a test clock and is removed with it; prices are archived. Nothing here may
 * use the local controls: only what both understand.
 */
export interface Stage {
  stripe: Stripe
  /** A customer on a clock of their own, with a test card as default. */
  customer(card?: string): Promise<Stripe.Customer>
  /** A recurring monthly price of a product of its own. */
  price(amount: number, more?: Partial<Stripe.PriceCreateParams>): Promise<Stripe.Price>
  subscribe(
    customer: Stripe.Customer,
    price: Stripe.Price,
    more?: Partial<Stripe.SubscriptionCreateParams>,
  ): Promise<Stripe.Subscription>
  /** Moves the clock of a customer and waits until all that fell due has happened. */
  advance(customer: Stripe.Customer, to: number): Promise<void>
  /** The time of a customer's clock. */
  now(customer: Stripe.Customer): Promise<number>
  /** Something to undo at the end, on both. */
  later(undo: () => Promise<unknown>): void
}

const KEY = process.env.STRIPE_TEST_KEY
const isTestKey = KEY !== undefined && /^(sk|rk)_test_/.test(KEY)
if (KEY && !isTestKey)
  throw new Error("STRIPE_TEST_KEY must be a key of Stripe's test mode (sk_test_… or rk_test_…).")

/** Declares a suite twice: for the local Stripe, and for the real one, skipped and saying so without a key. */
export function onBothStripes(title: string, suite: (stage: Stage) => void): void {
  describe(`${title}, local`, () => {
    let local: LocalStripe
    const { stage, tidy } = stageOn(() => sdk(local, { timeout: 10_000 }))
    beforeAll(async () => {
      local = await startLocalStripe()
    })
    afterAll(async () => {
      await tidy()
      await local.stop()
    })
    suite(stage)
  })
  const name = isTestKey
    ? `${title}, Stripe's test mode`
    : `${title}, Stripe's test mode (skipped: STRIPE_TEST_KEY is not set)`
  describe.skipIf(!isTestKey)(name, { timeout: 240_000 }, () => {
    const { stage, tidy } = stageOn(() => new Stripe(KEY ?? "", { telemetry: false, maxNetworkRetries: 3 }))
    afterAll(tidy, 120_000)
    suite(stage)
  })
}

function stageOn(connect: () => Stripe): { stage: Stage; tidy: () => Promise<void> } {
  let client: Stripe | undefined
  const undos: Array<() => Promise<unknown>> = []
  const stripe = () => {
    client ??= connect()
    return client
  }
  const clockOf = (customer: Stripe.Customer) => String(customer.test_clock)
  const stage: Stage = {
    get stripe() {
      return stripe()
    },
    customer: async (card = "pm_card_visa") => {
      const frozen_time = Math.floor(Date.now() / 1000)
      const clock = await stripe().testHelpers.testClocks.create({ frozen_time, name: "Gatehouse contract" })
      undos.push(() => stripe().testHelpers.testClocks.del(clock.id))
      return stripe().customers.create({
        email: "contract@example.com",
        test_clock: clock.id,
        payment_method: card,
        invoice_settings: { default_payment_method: card },
      })
    },
    price: async (unit_amount, more = {}) => {
      const price = await stripe().prices.create({
        currency: "usd",
        unit_amount,
        recurring: { interval: "month" },
        product_data: { name: "Gatehouse contract" },
        ...more,
      })
      undos.push(() => stripe().prices.update(price.id, { active: false }))
      return price
    },
    subscribe: (customer, price, more = {}) =>
      stripe().subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more }),
    advance: async (customer, to) => {
      await stripe().testHelpers.testClocks.advance(clockOf(customer), { frozen_time: to })
      for (let tries = 0; tries < 200; tries += 1) {
        const { status } = await stripe().testHelpers.testClocks.retrieve(clockOf(customer))
        if (status === "ready") return
        await new Promise(resolve => setTimeout(resolve, 1_000))
      }
      throw new Error("The test clock did not get ready.")
    },
    now: async customer => (await stripe().testHelpers.testClocks.retrieve(clockOf(customer))).frozen_time,
    later: undo => undos.push(undo),
  }
  const tidy = async () => {
    for (const undo of undos.splice(0).reverse()) await undo().catch(() => undefined)
  }
  return { stage, tidy }
}

export const DAY = 86_400
