/**
 * What Stripe says of one organisation's subscriptions at this moment, for a person who waits for the page. Asked for by its
 * customers, so that one we do not know of shows, too; what we know and they do not have is asked for by its id.
 */
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { type CollectionPause, collectionPauseOf } from "~/domain/billing/collection-pause"
import { inTurn } from "~/domain/billing/in-turn"
import { readSubscription, type Snapshot } from "~/domain/billing/snapshot.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { customersOf, unlessMissing } from "~/domain/billing/wind-down.server"
import { err, type Result } from "~/lib/result"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { glance, isStripeSetUp, stripe } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** A subscription as Stripe has it, with what our rows do not keep. */
export type AtStripe = Snapshot & { collectionPause: CollectionPause | null }

export type Silence = "not_configured" | "unavailable"

/** How long a page waits for facts that are good to have, in milliseconds. */
const glanceMs = 3_000
/** How long somebody who asked for it waits. */
const patienceMs = 11_000
/** More than this no organisation has; the latest are the ones that count. */
const most = 20

/** What Stripe says now, within three seconds, by subscription. Fails when there is no answer. */
export async function askStripe(organizationId: string): Promise<Result<AtStripe[], Silence>> {
  return within(glanceMs, async () => {
    const listed = await Promise.all((await customersOf(organizationId)).map(listFor))
    const found = listed.flat()
    const rows = await idsHere(organizationId)
    const others = rows.filter(id => !found.some(one => one.id === id))
    const asked = await Promise.all(
      others.map(id => unlessMissing(() => stripe().subscriptions.retrieve(id, {}, glance))),
    )
    const all = [...found, ...asked.filter(one => one !== undefined)]
    return Promise.all(
      all.map(async one => ({
        ...(await readSubscription(one, glance)),
        collectionPause: collectionPauseOf(one),
      })),
    )
  })
}

/** Writes down what Stripe says now of every subscription of an organisation. Returns what changed, in words. */
export async function syncNow(organizationId: string): Promise<Result<string[], Silence>> {
  return within(patienceMs, async () => {
    const listed = await Promise.all((await customersOf(organizationId)).map(listFor))
    const ids = new Set([...listed.flat().map(({ id }) => id), ...(await idsHere(organizationId))])
    const changes: string[] = []
    for (const id of ids) {
      const effect = await unlessMissing(() => inTurn(id, () => applyFresh(() => prepareSync(id, glance))))
      if (effect?.changed) changes.push(effect.effect)
    }
    return changes
  })
}

async function listFor(customer: string) {
  const listed = await unlessMissing(() =>
    stripe().subscriptions.list({ customer, status: "all", limit: most }, glance),
  )
  return listed?.data ?? []
}

async function idsHere(organizationId: string): Promise<string[]> {
  const rows = await db().subscription.findMany({
    where: { organizationId },
    orderBy: { stripeCreatedAt: "desc" },
    take: most,
  })
  return rows.map(row => row.stripeSubscriptionId)
}

/** What is asked goes on when nobody waits for it any more; only its answer comes too late. */
async function within<T>(ms: number, ask: () => Promise<T>): Promise<Result<T, Silence>> {
  if (!isStripeSetUp()) return err("not_configured")
  const asked = await askOnce(ms, ask)
  if (asked.ok) return asked
  const { kind, words: trouble } = asked.error
  log.warn({ kind, trouble }, "stripe did not say how an organisation stands")
  return err("unavailable")
}
