import { z } from "zod"
import { cancelNow } from "../billing/cancelling"
import { pauseSubscription } from "../billing/pausing"
import { resume } from "../billing/renewing"
import { missing, refused } from "../errors"
import { is, page, within } from "../listing"
import type { SubscriptionObject } from "../objects"
import { accepts, acceptsPage, bool, created, int, passive, text } from "../params"
import { route } from "../router"
import { createFromApi } from "./subscription-create"
import { cancellationDetails, createParams, PRORATION, STATUSES, updateParams } from "./subscription-params"
import { updateFromApi } from "./subscription-update"

export const subscriptionRoutes = [
  route(
    "GET",
    "/v1/subscriptions",
    acceptsPage({
      created: created.optional(),
      current_period_end: created.optional(),
      current_period_start: created.optional(),
      customer: text.optional(),
      price: text.optional(),
      status: z.enum(STATUSES).optional(),
      test_clock: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.subscriptions.filter(
          row =>
            hasStatus(row, params.status) &&
            is(row.customer, params.customer) &&
            is(row.test_clock, params.test_clock) &&
            within(row.created, params.created) &&
            row.items.data.some(
              one =>
                is(one.price.id, params.price) &&
                within(one.current_period_end, params.current_period_end) &&
                within(one.current_period_start, params.current_period_start),
            ),
        ),
        params,
        "/v1/subscriptions",
      ),
  ),
  route("POST", "/v1/subscriptions", createParams, ({ ledger, params }) => createFromApi(ledger, params)),
  route("GET", "/v1/subscriptions/:id", accepts({}), ({ ledger, id }) => ledger.subscriptions.require(id)),
  route("POST", "/v1/subscriptions/:id", updateParams, ({ ledger, params, id }) =>
    updateFromApi(ledger, ledger.subscriptions.require(id), params),
  ),
  route(
    "DELETE",
    "/v1/subscriptions/:id",
    accepts({
      cancellation_details: cancellationDetails,
      invoice_now: bool.optional(),
      prorate: bool.optional(),
    }),
    ({ ledger, params, id }) => {
      const subscription = ledger.subscriptions.require(id)
      if (subscription.ended_at) throw missing("subscription", id)
      const { comment, feedback } = params.cancellation_details ?? {}
      subscription.cancellation_details = {
        comment: comment ?? null,
        feedback: feedback ?? null,
        feedback_option: null,
        reason: null,
      }
      cancelNow(ledger, subscription, "cancellation_requested")
      return subscription
    },
  ),
  route(
    "POST",
    "/v1/subscriptions/:id/pause",
    accepts({
      bill_for: passive.optional(),
      invoicing_behavior: text.optional(),
      type: z.enum(["subscription"]).optional(),
    }),
    ({ ledger, id }) => pauseSubscription(ledger, ledger.subscriptions.require(id), "pause_requested"),
  ),
  route(
    "POST",
    "/v1/subscriptions/:id/resume",
    accepts({
      billing_cycle_anchor: z
        .strictObject({ type: z.enum(["now"], { error: "must be now here" }) })
        .optional(),
      payment_behavior: text.optional(),
      proration_behavior: PRORATION,
      proration_date: int.optional(),
    }),
    ({ ledger, id }) => {
      const subscription = ledger.subscriptions.require(id)
      if (subscription.status !== "paused")
        throw refused(`Only a paused subscription can be resumed; this one is ${subscription.status}.`)
      resume(ledger, subscription)
      return subscription
    },
  ),
  route("GET", "/v1/subscription_items", acceptsPage({ subscription: text }), ({ ledger, params }) => {
    const items = ledger.subscriptions.require(params.subscription, "subscription").items.data
    return page([...items].reverse(), params, "/v1/subscription_items")
  }),
]

function hasStatus(row: SubscriptionObject, wanted: string | undefined): boolean {
  if (wanted === "all") return true
  if (wanted === undefined) return row.status !== "canceled"
  if (wanted === "ended") return row.status === "canceled" || row.status === "incomplete_expired"
  return row.status === wanted
}
