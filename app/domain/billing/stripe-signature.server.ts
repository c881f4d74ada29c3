import Stripe from "stripe"
import { z } from "zod"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"

/** Seconds a signature is good for, into the past and into the future (the SDK checks the past only). */
const toleranceSeconds = 5 * 60

/** The envelope; what is inside is fetched, never trusted. */
const envelope = z.object({
  id: z.string().startsWith("evt_"),
  object: z.literal("event"),
  type: z.string().min(1),
  livemode: z.boolean(),
  api_version: z.string().nullish(),
  created: z.number().int(),
  data: z.object({
    object: z.object({
      id: z.string().optional(),
      object: z.string().optional(),
      customer: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
    }),
  }),
})

export type ReceivedEvent = {
  id: string
  type: string
  objectId: string
  /** Whose object it is; null where the event does not say so. */
  stripeCustomerId: string | null
  livemode: boolean
  apiVersion: string
  createdAt: Date
}

/**
 * The event in a webhook's raw body, if one of the secrets signed it within five minutes. Fails with `unsigned` for a wrong,
 * missing, old or future signature, and `malformed` for what is no snapshot event (thin events, no JSON).
 * Source: https://docs.stripe.com/webhooks/signature
 */
export function verifyStripeEvent(
  body: Uint8Array,
  signature: string | null,
  secrets: readonly string[],
): Result<ReceivedEvent, "unsigned" | "malformed"> {
  if (!signature || isFromTheFuture(signature)) return err("unsigned")
  for (const secret of secrets) {
    try {
      return readEvent(
        Stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds, undefined, now().getTime()),
      )
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return err("malformed")
    }
  }
  return err("unsigned")
}

/** What we keep of an event, as a webhook or the event list shows it. */
export function readEvent(event: unknown): Result<ReceivedEvent, "malformed"> {
  const read = envelope.safeParse(event)
  if (!read.success) return err("malformed")
  const { id, type, livemode, api_version, created, data } = read.data
  return ok({
    id,
    type,
    livemode,
    objectId: data.object.id ?? "",
    stripeCustomerId: customerIn(data.object),
    apiVersion: api_version ?? "",
    createdAt: new Date(created * 1000),
  })
}

function customerIn({ id, object, customer }: z.output<typeof envelope>["data"]["object"]): string | null {
  if (object === "customer") return id ?? null
  return typeof customer === "object" ? (customer?.id ?? null) : (customer ?? null)
}

function isFromTheFuture(signature: string): boolean {
  const latest = now().getTime() / 1000 + toleranceSeconds
  const times = signature
    .split(",")
    .filter(part => part.trim().startsWith("t="))
    .map(part => Number(part.trim().slice(2)))
  return times.some(time => !(time <= latest))
}
