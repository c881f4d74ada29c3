import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { Organization } from "~/platform/models.server"
import { day } from "./cast"

/** Two and a half years of invoices of a monthly plan, the last of which could not be charged. */
export async function furnishInvoices({ id: organizationId }: Organization, stripeSubscriptionId: string) {
  const months = 30
  await db().invoice.createMany({
    data: Array.from({ length: months }, (_, i) => {
      const open = i === 0
      return {
        id: `in_birch_${i}`,
        organizationId,
        stripeSubscriptionId,
        number: `BIRCH-${String(months - i).padStart(4, "0")}`,
        status: open ? "open" : "paid",
        currency: "usd",
        total: 2_900,
        amountPaid: open ? 0 : 2_900,
        amountRemaining: open ? 2_900 : 0,
        amountRefunded: i === 4 ? 2_900 : 0,
        createdAt: fromNow(-(2 + i * 30) * day),
        nextAttemptAt: open ? fromNow(3 * day) : null,
        syncedAt: now(),
      }
    }),
  })
}

/** One invoice that nobody could charge and that is not tried again. */
export async function furnishOpenInvoice(
  { id: organizationId, slug }: Organization,
  stripeSubscriptionId: string,
) {
  await db().invoice.create({
    data: {
      id: `in_${slug}`,
      organizationId,
      stripeSubscriptionId,
      number: `${slug.toUpperCase()}-0007`,
      status: "open",
      currency: "usd",
      total: 2_900,
      amountRemaining: 2_900,
      createdAt: fromNow(-9 * day),
      syncedAt: now(),
    },
  })
}
