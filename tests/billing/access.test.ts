import { expect, test } from "vitest"
import {
  type AccessLevel,
  accessFor,
  bestOf,
  isReadOnly,
  type SubscriptionFacts,
  statuses,
} from "~/domain/billing/access"
import type { Banner } from "~/domain/billing/banners"
import { isPlanId, lookupKey, planIds, plans } from "~/domain/billing/plans"

const at = new Date("2026-11-20T12:00:00Z")
const patience = { graceDays: 7, readOnlyDays: 30 }
const daysAgo = (days: number) => new Date(at.getTime() - days * 24 * 60 * 60 * 1000)
const facts = (more: Partial<SubscriptionFacts>): SubscriptionFacts => {
  return { status: "active", plan: "starter", pastDueSince: null, endedAt: null, ...more }
}

const ages = [null, 0, 3, 6.9, 7, 29.9, 30, 36.9, 37, 400] as const
type Ages = Record<(typeof ages)[number] & number, AccessLevel> & { null: AccessLevel }
const always = (level: AccessLevel): Ages => {
  return {
    null: level,
    0: level,
    3: level,
    6.9: level,
    7: level,
    29.9: level,
    30: level,
    36.9: level,
    37: level,
    400: level,
  }
}
const untilThirty: Ages = {
  ...always("read_only"),
  30: "archived",
  36.9: "archived",
  37: "archived",
  400: "archived",
}

/** Level by status and by the days since the trouble, or the end, began; `null` when nobody saw it begin. */
const table: Record<(typeof statuses)[number] | "hibernating", Ages> = {
  trialing: always("full"),
  active: always("full"),
  past_due: {
    ...always("read_only"),
    null: "full",
    0: "full",
    3: "full",
    6.9: "full",
    37: "archived",
    400: "archived",
  },
  unpaid: untilThirty,
  paused: untilThirty,
  canceled: untilThirty,
  incomplete: always("pending"),
  incomplete_expired: always("none"),
  hibernating: always("none"),
}

const tones: Record<AccessLevel, Banner["tone"] | undefined> = {
  none: undefined,
  pending: "info",
  archived: "bad",
  read_only: "bad",
  full: undefined,
}

const cells = Object.entries(table).flatMap(([status, levels]) =>
  ages.map(age => ({ status, age, level: levels[age ?? "null"] })),
)

test.each(cells)("[B7] $status for $age days is $level", ({ status, age, level }) => {
  const began = age === null ? null : daysAgo(age)
  const row = facts({ status, pastDueSince: began, endedAt: began })
  const known = accessFor(row, at, patience)
  expect(known.level).toBe(level)
  expect(known.banner?.tone).toBe(status === "past_due" && level === "full" ? "warn" : tones[level])
  const unknownPrice = accessFor({ ...row, plan: null }, at, patience)
  expect(unknownPrice.level).toBe(level === "full" ? "none" : level)
  if (level === "full") expect(unknownPrice.banner?.words).toContain("a price we do not know")
})

test("[B7] the table has a row for every status Stripe knows", () => {
  expect(Object.keys(table).sort()).toEqual([...statuses, "hibernating"].sort())
})

test("[B7] that a plan is set to end takes nothing away before it has ended", () => {
  for (const cancelAt of [daysAgo(-1), daysAgo(1)]) {
    const ending = { ...facts({}), cancelAt }
    expect(accessFor(ending, at, patience)).toEqual({ level: "full" })
  }
})

test("[B7] that Stripe gives up on a debt gives no days anew", () => {
  const endedUnpaid = (overdueFor: number, endedFor: number) => {
    const row = facts({ status: "canceled", pastDueSince: daysAgo(overdueFor), endedAt: daysAgo(endedFor) })
    return accessFor(row, at, patience).level
  }
  expect(endedUnpaid(45, 0)).toBe("archived")
  expect(endedUnpaid(37, 0)).toBe("archived")
  expect(endedUnpaid(36.9, 0)).toBe("read_only")
  // It ended while the grace was running: from then on.
  expect(endedUnpaid(32, 29.9)).toBe("read_only")
  expect(endedUnpaid(32, 30)).toBe("archived")
})

test("[B7] the grace days and the days for reading can be set", () => {
  const late = facts({ status: "past_due", pastDueSince: daysAgo(10) })
  expect(accessFor(late, at, { graceDays: 14, readOnlyDays: 30 }).level).toBe("full")
  expect(accessFor(late, at, { graceDays: 3, readOnlyDays: 5 }).level).toBe("archived")
  const fresh = facts({ status: "past_due", pastDueSince: at })
  expect(accessFor(fresh, at, { graceDays: 0, readOnlyDays: 5 }).level).toBe("read_only")
  expect(accessFor(fresh, at, { graceDays: 0, readOnlyDays: 0 }).level).toBe("archived")
})

test("[B7] only an unpaid or ended plan keeps people from changing things; without any plan nobody is kept", () => {
  expect((["none", "pending", "archived", "read_only", "full"] as const).filter(isReadOnly)).toEqual([
    "archived",
    "read_only",
  ])
})

test("[B7] of several subscriptions the one that gives most counts, whatever their order", () => {
  const list = [
    facts({ status: "canceled", plan: "enterprise", endedAt: daysAgo(2) }),
    facts({ plan: "starter" }),
    facts({ plan: null }),
    facts({ plan: "professional", status: "past_due" }),
  ]
  for (const order of [list, [...list].reverse()])
    expect(bestOf(order, at, patience)?.subscription.plan).toBe("professional")
  expect(bestOf([], at, patience)).toBeUndefined()
})

test("[B7] an overdue payment says until when patience lasts, and an unpaid plan is paid, not bought again", () => {
  const late = accessFor(facts({ status: "past_due", pastDueSince: daysAgo(2) }), at, patience)
  expect(late.banner?.until).toEqual(new Date("2026-11-25T12:00:00Z"))
  const long = accessFor(facts({ status: "unpaid", pastDueSince: daysAgo(60) }), at, patience)
  expect(long.banner?.act).toBe("fix_payment")
  expect(long.banner?.until).toBeUndefined()
})

test("[B7] every sentence of the table is short and calm", () => {
  for (const { status, age } of cells) {
    const began = age === null ? null : daysAgo(age)
    const { banner } = accessFor(facts({ status, pastDueSince: began, endedAt: began }), at, patience)
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
