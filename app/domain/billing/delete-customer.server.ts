import { z } from "zod"
import { unlessMissing } from "~/domain/billing/wind-down.server"
import { db } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { stripe } from "~/platform/stripe.server"

/** After five seconds, twenty, … and then every hour for a week. */
const attempts = 170

/**
 * Deletes the customer of an erased organisation at Stripe, with its name, address and ways of paying. Stripe keeps the invoices
 * (docs.stripe.com/api/customers/delete). One that is gone is fine; one that somebody else pays by stays.
 */
export const deleteCustomer = defineJob({
  kind: "organization.delete-customer",
  payload: z.object({ customer: z.string() }),
  attempts,
  run: async ({ customer: stripeCustomerId }) => {
    const where = { stripeCustomerId }
    const used = (await db().organization.count({ where })) + (await db().subscription.count({ where }))
    if (used > 0) return
    await unlessMissing(() => stripe().customers.del(stripeCustomerId))
  },
})
