/** What Stripe decides of a subscription and a person would notice. */
export const comparedFields = [
  "status",
  "plan",
  "interval",
  "stripePriceId",
  "periodAmount",
  "stripeCustomerId",
  "currentPeriodEnd",
  "cancelAt",
  "endedAt",
  "trialEnd",
  "unknownStatus",
] as const
export type ComparedField = (typeof comparedFields)[number]
type Value = string | number | Date | null

export type Compared = Record<ComparedField, Value>

/** One field that is not the same on both sides, each as text; times in ISO, nothing as "". */
export type Difference = { what: string; ours: string; stripes: string }

/** Everything in which our row is not what Stripe says. */
export function differencesBetween(ours: Compared, stripes: Compared): Difference[] {
  return comparedFields
    .map(field => ({ what: field, ours: textOf(ours[field]), stripes: textOf(stripes[field]) }))
    .filter(({ ours, stripes }) => ours !== stripes)
}

/** A field's value as findings keep it and pages show it. */
export function textOf(value: Value): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "")
}

const names: Record<string, string> = {
  status: "Status",
  plan: "Plan",
  interval: "Paid by the",
  stripePriceId: "Price",
  periodAmount: "Costs, in minor units",
  stripeCustomerId: "Customer",
  currentPeriodEnd: "Period ends",
  cancelAt: "Set to end",
  endedAt: "Ended",
  trialEnd: "Trial ends",
  unknownStatus: "Unknown status",
  missing: "Known on one side only",
  purchase: "Purchase",
}

/** What a person calls a field. */
export function nameOfField(what: string): string {
  return names[what] ?? what
}
