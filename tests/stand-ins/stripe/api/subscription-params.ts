import { z } from "zod"
import { accepts, bool, clearable, int, metadata, passive, text } from "../params"

export const STATUSES = [
  "active",
  "all",
  "canceled",
  "ended",
  "incomplete",
  "incomplete_expired",
  "past_due",
  "paused",
  "trialing",
  "unpaid",
]
export const PRORATION = z.enum(["create_prorations", "always_invoice", "none"]).optional()
export const cancellationDetails = z
  .strictObject({
    comment: clearable(text).optional(),
    feedback: clearable(text).optional(),
    feedback_option: text.optional(),
  })
  .optional()
const trialSettings = z
  .strictObject({
    end_behavior: z.strictObject({ missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]) }),
  })
  .optional()

const item = z.strictObject({
  id: text.optional(),
  price: text.optional(),
  quantity: int.optional(),
  deleted: bool.optional(),
  clear_usage: bool.optional(),
  metadata: metadata.optional(),
})

const discounts = z
  .array(
    z.strictObject({
      coupon: text.optional(),
      discount: text.optional(),
      promotion_code: text.optional(),
    }),
  )
  .max(20)

const cancelAt = z.union([int, z.enum(["min_period_end", "max_period_end"])])

export const createParams = accepts({
  customer: text,
  items: z.array(item).min(1),
  automatic_tax: z.strictObject({ enabled: bool, liability: passive.optional() }).optional(),
  billing_mode: passive.optional(),
  collection_method: z
    .enum(["charge_automatically"], { error: "the local Stripe charges automatically only" })
    .optional(),
  default_payment_method: text.optional(),
  description: text.optional(),
  discounts: discounts.optional(),
  metadata: metadata.optional(),
  off_session: bool.optional(),
  payment_behavior: z.enum(["allow_incomplete", "default_incomplete", "error_if_incomplete"]).optional(),
  payment_settings: passive.optional(),
  trial_end: z.union([z.literal("now"), int]).optional(),
  trial_period_days: int.optional(),
  trial_settings: trialSettings,
})

export const updateParams = accepts({
  automatic_tax: z.strictObject({ enabled: bool, liability: passive.optional() }).optional(),
  billing_cycle_anchor: z.enum(["now", "unchanged"]).optional(),
  cancel_at: clearable(cancelAt).optional(),
  cancel_at_period_end: bool.optional(),
  cancellation_details: cancellationDetails,
  default_payment_method: text.optional(),
  description: clearable(text).optional(),
  discounts: clearable(discounts).optional(),
  items: z.array(item).optional(),
  metadata: metadata.optional(),
  off_session: bool.optional(),
  pause_collection: clearable(
    z.strictObject({
      behavior: z.enum(["keep_as_draft", "mark_uncollectible", "void"]),
      resumes_at: int.optional(),
    }),
  ).optional(),
  payment_behavior: z
    .enum(["allow_incomplete", "error_if_incomplete", "default_incomplete", "pending_if_incomplete"])
    .optional(),
  payment_settings: passive.optional(),
  proration_behavior: PRORATION,
  proration_date: int.optional(),
  trial_end: z.union([z.literal("now"), int]).optional(),
  trial_settings: trialSettings,
})

export type UpdateParams = z.output<typeof updateParams>
