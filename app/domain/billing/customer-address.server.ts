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
    try {
      await stripe().customers.update(customer, { email: checkout.email })
    } catch (error) {
      const trouble = stripeTrouble(error)
      if (trouble?.kind !== "refused") throw error
      log.warn({ checkout: checkoutId, trouble: trouble.words }, "stripe keeps the old address of a buyer")
    }
  },
})
