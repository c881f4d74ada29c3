import { z } from "zod"
import { type Client, db } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, type StripeTrouble, stripeTrouble } from "~/platform/stripe.server"

/** What keeps Stripe from being asked, or from agreeing. */
export type Waiting = StripeTrouble["kind"] | "not_set_up"

/** Thrown where Stripe would have to be asked, on an installation without it. */
export class StripeNotSetUp extends Error {
  constructor() {
    super("Stripe is not set up: STRIPE_SECRET_KEY is empty.")
    this.name = "StripeNotSetUp"
  }
}

/** Throws `StripeNotSetUp` unless Stripe can be asked. */
export function needStripe(): void {
  if (!isStripeSetUp()) throw new StripeNotSetUp()
}

export type PatientJob = {
  kind: string
  /** Throws Stripe's errors, or `StripeNotSetUp`, for what has to wait. */
  run: (organizationId: string) => Promise<void>
  /** Told of each try that has to wait. */
  onWait: (organizationId: string, waiting: Waiting) => Promise<void>
}

/** After 5, 20 and 80 seconds a hiccup is over; for anything longer the hourly round takes over. */
const quickTries = 4

/**
 * Declares a job about an organisation that waits for Stripe as long as it takes: a few tries at once, and then it ends without
 * being dead, because an hourly round puts it into the queue again.
 */
export function definePatientJob({ kind, run, onWait }: PatientJob) {
  const job = defineJob({
    kind,
    payload: z.object({ organizationId: z.string() }),
    attempts: quickTries,
    run: async ({ organizationId }, { lastAttempt }) => {
      try {
        await run(organizationId)
      } catch (error) {
        const waiting = error instanceof StripeNotSetUp ? "not_set_up" : stripeTrouble(error)?.kind
        if (!waiting) throw error
        await onWait(organizationId, waiting)
        if (!lastAttempt && waiting !== "not_set_up") throw error
        log.warn({ kind, organization: organizationId, waiting }, "waits for stripe")
      }
    },
  })
  return {
    ...job,
    /** Puts it into the queue unless it waits there. */
    enqueueOnce: async (organizationId: string, client: Client = db()) => {
      const payload = { organizationId }
      const waits = await client.job.count({
        where: { kind, payload: JSON.stringify(payload), state: { in: ["queued", "running"] } },
      })
      if (waits === 0) await job.enqueue(client, payload)
    },
  }
}
