import type { Context } from "../control/context"
import { runControl } from "../control/controls"
import { StripeFailure } from "../errors"
import type { FormMap } from "../form-encoding"
import type { Flash } from "./desk-layout"

type Given = (name: string) => string

interface Act {
  control: string
  input: (given: Given) => object
  said: string
  /** Whether the page waits a few seconds until what follows from it has been sent. */
  arrives?: true
}

const ARRIVES_WITHIN_MS = 5_000

/** Which control each of the desk's forms runs, with what, and what is said afterwards. */
const ACTS: Record<string, Act> = {
  advance: {
    control: "advance",
    arrives: true,
    input: given => ({
      seconds: Number(given("hours")) * 3600,
      days: Number(given("days")),
      months: Number(given("months")),
    }),
    said: "The clock was moved, and what fell due has happened.",
  },
  card: {
    control: "setCard",
    input: given => ({ customer: given("customer"), works: given("works") === "true" }),
    said: "The card was changed.",
  },
  cancel: {
    control: "cancel",
    input: given => ({ subscription: given("subscription"), when: given("when") }),
    said: "The subscription was changed.",
  },
  plan: {
    control: "changePlan",
    input: given => ({ subscription: given("subscription"), price: given("price") }),
    said: "The plan was changed.",
  },
  refund: { control: "refund", input: given => ({ of: given("of") }), said: "The money was given back." },
  dispute: { control: "dispute", input: given => ({ of: given("of") }), said: "The payment is disputed." },
  "close-dispute": {
    control: "closeDispute",
    input: given => ({ dispute: given("dispute"), won: given("won") === "true" }),
    said: "The dispute is closed.",
  },
  expire: {
    control: "completeCheckout",
    input: given => ({ session: given("session"), outcome: "expired" }),
    said: "The checkout has expired.",
  },
  settle: {
    control: "settlePayment",
    input: given => ({ session: given("session") }),
    said: "The bank debit has arrived.",
  },
  fail: {
    control: "failPayment",
    input: given => ({ session: given("session") }),
    said: "The bank debit came back.",
  },
  resend: {
    control: "resend",
    input: given => ({ event: given("event"), copies: Number(given("copies")) }),
    said: "The event was sent again.",
  },
  release: {
    control: "release",
    input: given => ({ delivery: given("delivery") }),
    said: "The webhook was sent.",
  },
  "release-all": {
    control: "releaseAll",
    input: given => ({ order: given("order") }),
    said: "The held webhooks were sent.",
  },
  delivery: {
    control: "setDelivery",
    input: given => ({
      mode: given("mode"),
      copies: Number(given("copies")),
      delayMs: Number(given("delay")),
    }),
    said: "Webhooks go out this way from now on.",
  },
  fault: {
    control: "fault",
    input: given => ({
      kind: given("kind"),
      times: given("times") === "" ? null : Number(given("times")),
      after: given("after") === "true",
    }),
    said: "The next calls go wrong.",
  },
  "clear-faults": { control: "clearFaults", input: () => ({}), said: "The API works again." },
  dunning: {
    control: "setDunning",
    input: given => ({
      retryDays: given("retry")
        .split(",")
        .map(Number)
        .filter(days => days > 0),
      afterwards: given("afterwards"),
    }),
    said: "Failed payments are handled this way from now on.",
  },
}

/** Runs one of the desk's forms and says what came of it. */
export async function actAtDesk(context: Context, name: string, form: FormMap): Promise<Flash> {
  const act = ACTS[name]
  if (!act) return { text: "There is no such button.", bad: true }
  const given = (field: string) => (typeof form[field] === "string" ? form[field] : "")
  try {
    await runControl(context, act.control, act.input(given))
    if (act.arrives) await context.webhooks.settled(ARRIVES_WITHIN_MS)
    return { text: act.said, bad: false }
  } catch (error) {
    if (error instanceof StripeFailure) return { text: error.message, bad: true }
    throw error
  }
}
