import { z } from "zod"
import type { ComparisonCounts, ComparisonReport } from "~/domain/billing/stripe-state"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"

const reportKey = "stripe.last-comparison"

const storedCounts = z.object({
  at: z.coerce.date(),
  compared: z.number(),
  repaired: z.number(),
  failed: z.number(),
}) satisfies z.ZodType<ComparisonCounts>

/** What the last whole comparison came to. */
export async function lastComparison(): Promise<ComparisonCounts | undefined> {
  const row = await db().setting.findUnique({ where: { key: reportKey } })
  return row ? storedCounts.parse(JSON.parse(row.value)) : undefined
}

/** Keeps what a whole comparison came to. The operator is told of what is new; `old` failures were told of before. */
export async function rememberComparison(report: ComparisonReport, old: number): Promise<void> {
  const counts = { ...report, repaired: report.repaired.length, failed: report.failed.length }
  const value = JSON.stringify(counts)
  await db().setting.upsert({
    where: { key: reportKey },
    create: { key: reportKey, value, updatedAt: now() },
    update: { value, updatedAt: now() },
  })
  const { compared, repaired, failed } = counts
  log.info({ compared, repaired, failed }, "compared with stripe")
  if (repaired + failed === old) return
  await raiseAlert("stripe-drift", {
    title: "The comparison with Stripe found differences",
    words: `${repaired} repaired, ${failed} could not be compared. No event had told of them: look at what was found under Billing events, and whether the webhook endpoint gets through.`,
  })
}
