import { expect, test } from "vitest"
import { type AccessLevel, accessFor, bestOf, type SubscriptionFacts } from "~/domain/billing/access"
import { isPlanId, lookupKey, planIds, plans } from "~/domain/billing/plans"

const at = new Date("2026-11-20T12:00:00Z")
const daysAgo = (days: number) => new Date(at.getTime() - days * 24 * 60 * 60 * 1000)
const facts = (more: Partial<SubscriptionFacts>): SubscriptionFacts => {
  return { status: "active", plan: "starter", pastDueSince: null, endedAt: null, ...more }
}

const table: [string, Partial<SubscriptionFacts>, AccessLevel, boolean][] = [
  ["trialing", { status: "trialing" }, "full", false],
  ["active", { status: "active" }, "full", false],
  ["past due, not seen when", { status: "past_due" }, "full", true],
  ["past due for 6.9 days", { status: "past_due", pastDueSince: daysAgo(6.9) }, "full", true],
  ["past due for 7 days", { status: "past_due", pastDueSince: daysAgo(7) }, "read_only", true],
  ["past due for 36.9 days", { status: "past_due", pastDueSince: daysAgo(36.9) }, "read_only", true],
  ["past due for 37 days", { status: "past_due", pastDueSince: daysAgo(37) }, "archived", true],
  ["unpaid", { status: "unpaid", pastDueSince: daysAgo(1) }, "read_only", true],
  ["unpaid for 30 days", { status: "unpaid", pastDueSince: daysAgo(30) }, "archived", true],
  ["paused", { status: "paused", pastDueSince: daysAgo(1) }, "read_only", true],
  ["canceled yesterday", { status: "canceled", endedAt: daysAgo(1) }, "read_only", true],
  ["canceled 30 days ago", { status: "canceled", endedAt: daysAgo(30) }, "archived", true],
  ["incomplete", { status: "incomplete" }, "pending", true],
  ["incomplete and expired", { status: "incomplete_expired" }, "none", false],
  ["a status of the future", { status: "hibernating" }, "none", false],
  ["active for an unknown price", { plan: null }, "none", true],
  ["trialing for an unknown price", { status: "trialing", plan: null }, "none", true],
]

test.each(table)("[B7] %s", (_, more, level, hasBanner) => {
  const access = accessFor(facts(more), at)
  expect(access.level).toBe(level)
  expect(Boolean(access.banner)).toBe(hasBanner)
})

test("[B7] the grace days can be set", () => {
  const late = facts({ status: "past_due", pastDueSince: daysAgo(10) })
  expect(accessFor(late, at, { graceDays: 14, readOnlyDays: 30 }).level).toBe("full")
  expect(accessFor(late, at, { graceDays: 3, readOnlyDays: 5 }).level).toBe("archived")
})

test("[B7] of several subscriptions the one that gives most counts, whatever their order", () => {
  const list = [
    facts({ status: "canceled", plan: "enterprise", endedAt: daysAgo(2) }),
    facts({ plan: "starter" }),
    facts({ plan: null }),
    facts({ plan: "professional", status: "past_due" }),
  ]
  for (const order of [list, [...list].reverse()])
    expect(bestOf(order, at)?.subscription.plan).toBe("professional")
  expect(bestOf([], at)).toBeUndefined()
})

test("[B7] an overdue payment says until when patience lasts, and an unpaid plan is paid, not bought again", () => {
  const late = accessFor(facts({ status: "past_due", pastDueSince: daysAgo(2) }), at)
  expect(late.banner?.until).toEqual(new Date("2026-11-25T12:00:00Z"))
  const long = accessFor(facts({ status: "unpaid", pastDueSince: daysAgo(60) }), at)
  expect(long.banner?.act).toBe("fix_payment")
  expect(long.banner?.until).toBeUndefined()
})

test("[B7] every sentence of the table is short and calm", () => {
  for (const [, more] of table) {
    const { banner } = accessFor(facts(more), at)
    if (banner) expect(banner.words).toMatch(/^[A-Z][^!]{20,140}\.$/)
  }
})

test("the plans are those of the price list", () => {
  expect(planIds.map(id => [plans[id].cents.month, plans[id].seats])).toEqual([
    [2900, 50],
    [7900, 200],
    [19_900, null],
  ])
  expect(lookupKey("starter", "year")).toBe("gatehouse_starter_yearly")
  expect(isPlanId("toString")).toBe(false)
})
