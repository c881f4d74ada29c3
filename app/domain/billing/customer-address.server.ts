import { z } from "zod"
import { db } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, stripe, stripeTrouble } from "~/platform/stripe.server"

/** Tells Stripe the corrected address of a buyer, so that receipts do not go on to a stranger's mailbox. */
export const mendCustomer = defineJob({
  kind: "checkout.mend-customer",
  payload: z.object({ checkoutId: z.string() }),
  run: async ({ checkoutId }) => {
    const checkout = await db().checkout.findUnique({
      where: { id: checkoutId },
      include: { organization: true },
    })
    const customer = checkout?.organization?.stripeCustomerId
    if (!checkout || !customer || !isStripeSetUp()) return
    await tellStripe(customer, checkout.email)
  },
})

/** However often the address changes while Stripe is being told, so many times it is told again at once. */
const mostRounds = 5

/**
 * Gives Stripe's customers of an organisation the address that mail about payments goes to: the billing address, else the first
 * owner's. Reads it anew after telling, so that of two runs at once none leaves an older one behind.
 */
export const followBillingAddress = defineJob({
  kind: "billing.customer-address",
  payload: z.object({ organizationId: z.string() }),
  run: async ({ organizationId }) => {
    if (!isStripeSetUp()) return
    let told: string | undefined
    for (let round = 0; round < mostRounds; round++) {
      const { email, customers } = await whomToTell(organizationId)
      if (!email || email === told) return
      for (const customer of customers) await tellStripe(customer, email)
      told = email
    }
  },
})

async function whomToTell(id: string): Promise<{ email?: string; customers: string[] }> {
  const organization = await db().organization.findUnique({
    where: { id },
    include: {
      subscriptions: { select: { stripeCustomerId: true } },
      memberships: {
        where: { role: "owner" },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        take: 1,
        select: { user: { select: { email: true } } },
      },
    },
  })
  if (!organization) return { customers: [] }
  const { stripeCustomerId, subscriptions, memberships, billingEmail } = organization
  const paying = subscriptions.map(row => row.stripeCustomerId)
  const customers = new Set(stripeCustomerId ? [stripeCustomerId, ...paying] : paying)
  return { email: billingEmail ?? memberships[0]?.user.email, customers: [...customers] }
}

async function tellStripe(customer: string, email: string): Promise<void> {
  try {
    await stripe().customers.update(customer, { email })
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (trouble?.kind !== "refused") throw error
    log.warn({ customer, trouble: trouble.words }, "stripe keeps the old address of a customer")
  }
}
