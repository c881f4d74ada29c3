import { z } from "zod"
import { createEndpoint } from "../delivery/endpoints"
import { NORMAL_DELIVERY, ROUGH_ODDS } from "../delivery/mode"
import { withPending } from "../delivery/pending"
import { refused } from "../errors"
import { FAULT_KINDS } from "../faults"
import { randomText } from "../ids"
import { control } from "./control"
import { forgetLives } from "./forgetting"

const NOTHING = z.strictObject({})

export const wireControls = {
  /** Sends webhooks to one address and nowhere else. Answers the signing secret. */
  webhookTo: control(
    z.strictObject({
      url: z.string(),
      secret: z.string().optional(),
      enabledEvents: z.array(z.string()).default(["*"]),
    }),
    ({ ledger }, { url, secret, enabledEvents }) => {
      for (const { id } of ledger.webhookEndpoints.all()) {
        ledger.webhookEndpoints.delete(id)
        ledger.webhookSecrets.delete(id)
      }
      return createEndpoint(ledger, { url, enabled_events: enabledEvents, secret }).secret
    },
  ),
  /** Gives every endpoint a new secret; until `finishRoll`, both sign. Answers the new one. */
  rollWebhookSecret: control(z.strictObject({ secret: z.string().optional() }), ({ ledger }, { secret }) => {
    const next = secret ?? `whsec_${randomText(32)}`
    for (const row of ledger.webhookSecrets.all()) row.secrets = [next, ...row.secrets.slice(0, 1)]
    return next
  }),
  /** Only the newest secret signs from now on. */
  finishRoll: control(NOTHING, ({ ledger }) => {
    for (const row of ledger.webhookSecrets.all()) row.secrets = row.secrets.slice(0, 1)
  }),
  /** How webhooks go out from now on. What is not named goes back to normal. */
  setDelivery: control(
    z.strictObject({
      mode: z.enum(["ordered", "shuffled", "delayed", "dropped", "held", "random"]).default("ordered"),
      copies: z.number().int().min(1).max(100).default(1),
      delayMs: z.number().default(NORMAL_DELIVERY.delayMs),
      odds: z
        .strictObject({ dropped: z.number(), repeated: z.number(), late: z.number() })
        .partial()
        .default({})
        .transform(odds => ({ ...ROUGH_ODDS, ...odds })),
      types: z.array(z.string()).nullable().default(null),
      retryMs: z.array(z.number()).default(NORMAL_DELIVERY.retryMs),
      timeoutMs: z.number().default(NORMAL_DELIVERY.timeoutMs),
    }),
    ({ webhooks }, settings) => {
      webhooks.settings = settings
    },
  ),
  /** Every delivery so far with its attempts, oldest first. */
  deliveries: control(
    z.strictObject({
      state: z.string().optional(),
      type: z.string().optional(),
      event: z.string().optional(),
    }),
    ({ ledger }, { state, type, event }) =>
      ledger.deliveries.filter(
        row =>
          (state === undefined || row.state === state) &&
          (type === undefined || row.type === type) &&
          (event === undefined || row.event === event),
      ),
  ),
  /** The deliveries that wait to be released by hand. */
  queuedDeliveries: control(NOTHING, ({ ledger }) => ledger.deliveries.filter(row => row.state === "held")),
  /** Sends one held delivery and answers what the endpoint said. */
  release: control(z.strictObject({ delivery: z.string() }), ({ ledger, webhooks }, { delivery }) =>
    webhooks.release(ledger.deliveries.require(delivery)),
  ),
  /** Sends all held deliveries: one after the other in an order, or all at once. */
  releaseAll: control(
    z.strictObject({
      order: z.enum(["happened", "reversed", "shuffled"]).default("happened"),
      atOnce: z.boolean().default(false),
    }),
    async ({ ledger, webhooks }, { order, atOnce }) => {
      const held = ledger.deliveries.filter(row => row.state === "held")
      const list =
        order === "reversed" ? held.reverse() : order === "shuffled" ? ledger.dice.shuffle(held) : held
      if (atOnce) await Promise.all(list.map(row => webhooks.release(row)))
      else for (const row of list) await webhooks.release(row)
      return list
    },
  ),
  /** A held delivery never goes out. */
  drop: control(z.strictObject({ delivery: z.string() }), ({ ledger }, { delivery }) => {
    const row = ledger.deliveries.require(delivery)
    if (row.state !== "held") throw refused(`Only a held delivery can be dropped; this one is ${row.state}.`)
    row.state = "dropped"
  }),
  /** Sends an event again, now. Answers what each endpoint said. */
  resend: control(
    z.strictObject({ event: z.string(), copies: z.number().int().min(1).max(100).default(1) }),
    ({ ledger, webhooks }, { event, copies }) => webhooks.resend(ledger.events.require(event), copies),
  ),
  /** Waits until no webhook is under way or to be tried again. Answers whether that came to pass in time. */
  settled: control(z.strictObject({ timeoutMs: z.number().default(15_000) }), ({ webhooks }, { timeoutMs }) =>
    webhooks.settled(timeoutMs),
  ),
  /** Everything that happened, oldest first. */
  events: control(
    z.strictObject({ types: z.array(z.string()).optional(), object: z.string().optional() }),
    ({ ledger }, { types, object }) =>
      ledger.events
        .filter(
          row =>
            (types === undefined || types.includes(row.type)) &&
            (object === undefined || row.data.object.id === object),
        )
        .map(row => withPending(ledger, row)),
  ),
  /** Pins an endpoint to an API version, as one made years ago is; nobody can choose it afterwards. */
  pinEndpoint: control(
    z.strictObject({ endpoint: z.string(), apiVersion: z.string() }),
    ({ ledger }, { endpoint, apiVersion }) => {
      ledger.webhookEndpoints.require(endpoint).api_version = apiVersion
    },
  ),
  /** Spoils the API's next answers, or (times: null) all until `clearFaults`; only for the calls named. */
  fault: control(
    z.strictObject({
      kind: z.enum(FAULT_KINDS),
      times: z.number().int().min(1).nullable().default(1),
      skip: z.number().int().min(0).default(0),
      path: z.string().default("/v1/"),
      exact: z.boolean().default(false),
      method: z.string().nullable().default(null),
      after: z.boolean().default(false),
      retryAfter: z.number().int().min(0).nullable().default(1),
      delayMs: z.number().default(5_000),
    }),
    ({ faults }, fault) => faults.add(fault),
  ),
  clearFaults: control(NOTHING, ({ faults }) => faults.clear()),
  /** The API calls answered so far (the last thousand), oldest first. */
  calls: control(NOTHING, ({ api }) => [...api.calls]),
  /** Forgets everything but the endpoints and the catalogue. */
  reset: control(NOTHING, context => forgetLives(context)),
}
