import { expect, test } from "vitest"
import { accessFor, statuses } from "~/domain/billing/access"
import { decide, ruleFor } from "~/domain/billing/decision"

const patience = { graceDays: 5, readOnlyDays: 20 }
const day = 24 * 60 * 60 * 1000
const at = new Date("2026-03-01T12:00:00Z")

/** The days a rule speaks of, in its order. */
const figures = (rule: string) => [...rule.matchAll(/\d+/g)].map(Number)

const one = (status: string, days: number, plan: "starter" | null = "starter") => {
  const since = new Date(at.getTime() - days * day)
  return {
    stripeSubscriptionId: `sub_${status}_${days}`,
    status,
    plan,
    pastDueSince: status === "canceled" ? null : since,
    endedAt: status === "canceled" ? since : null,
  }
}

test("[B7] the rule that is shown is the one the table follows, for every status on every day", () => {
  for (const status of [...statuses, "a_word_of_the_future"]) {
    for (const days of [0, 4, 5, 19, 20, 24, 25, 400]) {
      for (const plan of ["starter", null] as const) {
        const facts = one(status, days, plan)
        const [step] = decide([facts], at, patience).subscriptions
        expect(step?.level).toBe(accessFor(facts, at, patience).level)
        const rule = ruleFor(facts, patience)
        const spans = figures(rule)
        const ends = [spans[0] ?? 0, (spans[0] ?? 0) + (spans[1] ?? 0)]
        if (spans.length === 2 && plan) {
          const expected = days < (ends[0] ?? 0) ? "full" : days < (ends[1] ?? 0) ? "read_only" : "archived"
          expect([rule, days, step?.level]).toEqual([rule, days, expected])
        } else if (spans.length === 1) {
          expect([rule, step?.level]).toEqual([rule, days < (ends[0] ?? 0) ? "read_only" : "archived"])
        } else if (/full access/.test(rule)) expect(step?.level).toBe("full")
        else if (spans.length === 0) expect(["none", "pending"]).toContain(step?.level)
      }
    }
  }
})

test("[B7] of several subscriptions the one that gives most counts, and says so", () => {
  const ended = one("canceled", 3)
  const late = one("past_due", 2)
  const { subscriptions, level, banner } = decide([ended, late], at, patience)
  expect(subscriptions.map(({ counts }) => counts)).toEqual([false, true])
  expect(subscriptions.map(({ days }) => days)).toEqual([3, 2])
  expect(level).toBe("full")
  expect(banner).toContain("did not go through")
  expect(decide([], at, patience)).toEqual({ subscriptions: [], level: "none", banner: null })
})
