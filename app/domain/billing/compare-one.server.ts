import { applyFresh } from "~/domain/billing/apply-fresh.server"
import {
  noteRepairs,
  noteStanding,
  strikeOff,
  withdrawFindings,
} from "~/domain/billing/drift-findings.server"
import type { Effect, Prepared } from "~/domain/billing/effect.server"
import { inTurn } from "~/domain/billing/in-turn"
import type { ComparisonReport } from "~/domain/billing/stripe-state"
import { isBeingTold, isToldOf, type Subject, subjectOf } from "~/domain/billing/told.server"
import { organizationOfObject } from "~/domain/billing/whose.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { isMissingAtStripe, stripeTrouble } from "~/platform/stripe.server"

/** A comparison under way. */
export type Round = {
  report: ComparisonReport
  /** What stood unrepaired when it began, by Stripe's ids. */
  standing: ReadonlySet<string>
  /** Failures that stood before: the operator knows of them. */
  failedBefore: number
}

/**
 * Compares one subscription or payment page and writes down what differed. `look` gives what there is to be prepared, or nothing
 * when both sides agree. Throws Stripe's error when it is no use to go on: no answer, or too many calls.
 */
export async function compareOne(
  round: Round,
  id: string,
  look: () => Promise<(() => Promise<Prepared>) | undefined>,
): Promise<void> {
  const { report, standing } = round
  try {
    const prepare = await look()
    const effect = prepare && (await repair(id, prepare))
    report.compared += 1
    if (effect) report.repaired.push({ id, effect: effect.effect })
    if (standing.has(id)) await strikeOff(id)
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (trouble?.kind === "unreachable" || trouble?.kind === "busy") throw error
    if (!trouble) log.error({ err: error, object: id }, "one could not be compared with stripe")
    report.failed.push({ id, why: trouble?.words ?? String(error) })
    if (isMissingAtStripe(error) && !(await noteGone(id))) round.failedBefore += 1
  }
}

/** Returns what changed, unless an event tells of it that is still to be handled, or about to arrive. */
async function repair(id: string, prepare: () => Promise<Prepared>): Promise<Effect | undefined> {
  let found: { effect: Effect; noted: string[]; subject: Subject } | undefined
  await inTurn(id, () =>
    applyFresh(prepare, async (tx, effect) => {
      found = undefined
      if (!effect.changed) return
      const subject = await subjectOf(tx, id)
      if (await isToldOf(tx, subject)) return
      const about = { organizationId: await organizationOfObject(tx, id), objectId: id }
      const { differences = [{ what: "purchase", ours: "", stripes: effect.effect }] } = effect
      found = { effect, noted: await noteRepairs(tx, about, differences), subject }
    }),
  )
  if (found && (await isBeingTold(found.subject))) {
    await withdrawFindings(found.noted)
    return undefined
  }
  return found?.effect
}

/** Stripe does not know it: nothing is taken from anyone for that, but somebody has to look. Returns whether it is news. */
async function noteGone(objectId: string): Promise<boolean> {
  const row = await db().subscription.findUnique({ where: { stripeSubscriptionId: objectId } })
  const about = { organizationId: await organizationOfObject(db(), objectId), objectId }
  return noteStanding(about, { what: "missing", ours: row?.status ?? "", stripes: "" })
}
