/**
 * Finding invoices no event told us of [B6], at start and every hour: Stripe's list since the last round, less an overlap, and
 * then each one of ours that is neither paid nor withdrawn. Stripe keeps invoices for good, so no outage is too long. Running
 * it twice changes nothing.
 */
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { isMissingAtStripe, isStripeSetUp, stripe, stripeTrouble } from "~/platform/stripe.server"

const readTo = "stripe.invoices-read-to"
const day = 24 * 60 * 60
/** Seconds by which each round goes back behind the last: what was a draft then has become an invoice. */
const overlap = 3 * day
/** Days after which nobody expects an open invoice to be paid: Stripe's own retries end after two months at most. */
const hopeDays = 120
/** How many open ones are asked after in a round. */
const batch = 500

/** Keeps the invoices that were missed or have moved on. Stripe being away or busy ends the round; the next one goes on. */
export async function followInvoices(): Promise<void> {
  if (!isStripeSetUp()) return
  const from = await roundFrom()
  if (from === undefined) return
  try {
    const newest = await readList(from - overlap)
    await remember(Math.max(from, Math.min(newest, seconds(now()))))
    await askAfterOpen(from - overlap)
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "invoices could not be read")
  }
}

/** Before the first round, the first purchase: what was billed before is none of our business. */
async function roundFrom(): Promise<number | undefined> {
  const last = await db().setting.findUnique({ where: { key: readTo } })
  if (last) return Number(last.value)
  const first = await db().subscription.findFirst({ orderBy: { stripeCreatedAt: "asc" } })
  return first ? seconds(first.stripeCreatedAt) : undefined
}

async function readList(since: number): Promise<number> {
  let newest = 0
  for await (const invoice of stripe().invoices.list({ created: { gte: since }, limit: 100 })) {
    newest = Math.max(newest, invoice.created)
    await transaction(tx => keepInvoice(tx, invoice))
  }
  return newest
}

async function askAfterOpen(readSince: number): Promise<void> {
  const rows = await db().invoice.findMany({
    where: {
      status: { in: ["draft", "open", "uncollectible"] },
      createdAt: { lt: new Date(readSince * 1000), gt: fromNow(-hopeDays * day * 1000) },
    },
    orderBy: { syncedAt: "asc" },
    take: batch,
    select: { id: true },
  })
  for (const { id } of rows) {
    try {
      const invoice = await stripe().invoices.retrieve(id)
      await transaction(tx => keepInvoice(tx, invoice))
    } catch (error) {
      // Drafts can be deleted, and only they.
      if (!isMissingAtStripe(error)) throw error
      await db().invoice.deleteMany({ where: { id, status: "draft" } })
    }
  }
}

async function remember(time: number): Promise<void> {
  const value = String(time)
  await db().setting.upsert({
    where: { key: readTo },
    create: { key: readTo, value, updatedAt: now() },
    update: { value, updatedAt: now() },
  })
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
