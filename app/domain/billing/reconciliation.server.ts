/**
 * The nightly comparison [B6]. Every subscription we know is fetched and written as Stripe says it is now, and every checkout
 * that is still open is asked after, so that what no event told us of is found all the same, also after Stripe has forgotten
 * its events. What differed is repaired and reported. Running it twice changes nothing the second time.
 */
import { z } from "zod"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import type { Prepared } from "~/domain/billing/effect.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { inTurn } from "~/domain/billing/in-turn"
import type { ComparisonReport } from "~/domain/billing/stripe-state"
import { prepareSync } from "~/domain/billing/sync.server"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, type StripeTrouble, stripeTrouble } from "~/platform/stripe.server"

const reportKey = "stripe.last-comparison"
const day = 24 * 60 * 60 * 1000
/** How many rows are read at a time. */
const batch = 100
/** A checkout lives a day at Stripe, and a bank debit takes up to two weeks. */
const askAfterFor = 30 * day
/** Nothing ever happens again to a subscription that ended this long ago. */
const endedForGood = 60 * day

const storedReport = z.object({
  at: z.coerce.date(),
  compared: z.number(),
  repaired: z.array(z.object({ id: z.string(), effect: z.string() })),
  failed: z.array(z.object({ id: z.string(), why: z.string() })),
}) satisfies z.ZodType<ComparisonReport>

/** Compares everything with Stripe and repairs what differs. Returns undefined when billing is not set up or Stripe is away. */
export async function reconcile(): Promise<ComparisonReport | undefined> {
  if (!isStripeSetUp()) return undefined
  const report: ComparisonReport = { at: now(), compared: 0, repaired: [], failed: [] }
  for await (const { id, prepare } of everythingLinked()) {
    const trouble = await compare(report, id, prepare)
    if (trouble?.kind === "unreachable") {
      log.warn({ trouble: trouble.words }, "the comparison with stripe was cut short")
      return undefined
    }
  }
  await remember(report)
  return report
}

/** What the last comparison came to. */
export async function lastComparison(): Promise<ComparisonReport | undefined> {
  const row = await db().setting.findUnique({ where: { key: reportKey } })
  return row ? storedReport.parse(JSON.parse(row.value)) : undefined
}

type Linked = { id: string; prepare: () => Promise<Prepared> }

async function* everythingLinked(): AsyncGenerator<Linked> {
  for (let after = ""; ; ) {
    const rows = await db().subscription.findMany({
      where: { id: { gt: after }, OR: [{ endedAt: null }, { endedAt: { gt: fromNow(-endedForGood) } }] },
      orderBy: { id: "asc" },
      take: batch,
    })
    for (const { stripeSubscriptionId: id } of rows) yield { id, prepare: () => prepareSync(id) }
    if (rows.length < batch) break
    after = rows.at(-1)?.id ?? ""
  }
  const checkouts = await db().checkout.findMany({
    where: {
      state: { in: ["open", "on_its_way"] },
      stripeSessionId: { not: null },
      createdAt: { gt: fromNow(-askAfterFor) },
    },
    orderBy: { createdAt: "asc" },
  })
  for (const { stripeSessionId: id } of checkouts) {
    if (id) yield { id, prepare: () => prepareFulfilment({ sessionId: id }) }
  }
}

async function compare(
  report: ComparisonReport,
  id: string,
  prepare: Linked["prepare"],
): Promise<StripeTrouble | undefined> {
  try {
    const { effect, changed } = await inTurn(id, () => applyFresh(prepare))
    report.compared += 1
    if (changed) report.repaired.push({ id, effect })
    return undefined
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    report.failed.push({ id, why: trouble.words })
    return trouble
  }
}

async function remember(report: ComparisonReport): Promise<void> {
  const value = JSON.stringify(report)
  await db().setting.upsert({
    where: { key: reportKey },
    create: { key: reportKey, value, updatedAt: now() },
    update: { value, updatedAt: now() },
  })
  const { compared, repaired, failed } = report
  log.info({ compared, repaired: repaired.length, failed: failed.length }, "compared with stripe")
  if (repaired.length === 0 && failed.length === 0) return
  await raiseAlert("stripe-drift", {
    title: "The nightly comparison with Stripe found differences",
    words: `${repaired.length} repaired, ${failed.length} could not be compared. No event had told of them: look whether the webhook endpoint gets through.`,
  })
}
