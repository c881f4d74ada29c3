/** What is for sale, the smallest first. The one table: pricing page, checkout, seats and access read it. */
export const planIds = ["starter", "professional", "enterprise"] as const
export type PlanId = (typeof planIds)[number]

export const intervals = ["month", "year"] as const
export type Interval = (typeof intervals)[number]

export type Plan = {
  id: PlanId
  name: string
  tagline: string
  features: readonly string[]
  /** US cents for one month or one year; a year costs ten months. */
  cents: Record<Interval, number>
  /** Members the organisation may have; null: as many as it likes. */
  seats: number | null
}

export const currency = "usd"

export const plans: Record<PlanId, Plan> = {
  starter: {
    id: "starter",
    name: "Starter",
    tagline: "For a first team",
    features: [
      "Up to 50 people",
      "Sign-in by e-mail, without passwords",
      "Roles and invitations",
      "Guided set-up",
    ],
    cents: { month: 2_900, year: 29_000 },
    seats: 50,
  },
  professional: {
    id: "professional",
    name: "Professional",
    tagline: "For a growing company",
    features: ["Up to 200 people", "Everything in Starter"],
    cents: { month: 7_900, year: 79_000 },
    seats: 200,
  },
  enterprise: {
    id: "enterprise",
    name: "Enterprise",
    tagline: "For everyone you work with",
    features: ["As many people as you like", "Everything in Professional"],
    cents: { month: 19_900, year: 199_000 },
    seats: null,
  },
}

/** How Stripe's account names the price of a plan, whatever its id there. */
export function lookupKey(plan: PlanId, interval: Interval): string {
  return `gatehouse_${plan}_${interval === "month" ? "monthly" : "yearly"}`
}

/** The metadata key under which Stripe's objects of ours carry their plan. */
export const planMark = "gatehouse_plan"

/** Narrows a stored or posted value. */
export function isPlanId(value: unknown): value is PlanId {
  return planIds.some(id => id === value)
}

/** Narrows a stored or posted value. */
export function isInterval(value: unknown): value is Interval {
  return intervals.some(interval => interval === value)
}

/** Where a plan stands in the order of the table; no plan stands below all. */
export function planRank(plan: PlanId | null): number {
  return plan === null ? -1 : planIds.indexOf(plan)
}
