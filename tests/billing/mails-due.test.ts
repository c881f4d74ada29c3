import { expect, test } from "vitest"
import { statuses } from "~/domain/billing/access"
import { type MailFacts, mailDue, noticeDays } from "~/domain/billing/mails-due"

const at = new Date("2026-11-20T12:00:00Z")
const patience = { graceDays: 7, readOnlyDays: 30 }
const inDays = (days: number) => new Date(at.getTime() + days * 24 * 60 * 60 * 1000)
const facts = (more: Partial<MailFacts>): MailFacts => {
  return { status: "active", pastDueSince: null, trialEnd: null, cancelAt: null, ...more }
}
const noticeAt = (status: string, days: number) =>
  mailDue(facts({ status, pastDueSince: inDays(-days) }), at, patience)
    ?.about.split(":")
    .at(-1)

const overdue: [status: string, days: number, notice: string | undefined][] = [
  ["past_due", 0, "day-0"],
  ["past_due", 2.9, "day-0"],
  ["past_due", 3, "day-3"],
  ["past_due", 5.9, "day-3"],
  ["past_due", 6, "day-6"],
  ["past_due", 36.9, "day-6"],
  ["past_due", 37, undefined],
  ["unpaid", 0, "day-0"],
  ["unpaid", 6, "day-6"],
  ["unpaid", 29.9, "day-6"],
  ["unpaid", 30, undefined],
]

test.each(overdue)("[B14] %s for %d days: %s", (status, days, notice) => {
  expect(noticeAt(status, days)).toBe(notice)
})

test("[B14] nothing is due for any other status, however long it has been one", () => {
  const others = [...statuses, "hibernating"].filter(status => !["past_due", "unpaid"].includes(status))
  for (const status of others) {
    for (const days of [0, 3, 6, 100]) expect(noticeAt(status, days)).toBeUndefined()
  }
})

test("[B14] a mail says until when everything works, and nothing of that when it is over", () => {
  const of = (status: string, days: number) =>
    mailDue(facts({ status, pastDueSince: inDays(-days) }), at, patience)
  expect(of("past_due", 6)).toMatchObject({ mail: "payment_failed", until: inDays(1) })
  expect(of("past_due", 8)).toMatchObject({ until: null })
  expect(of("unpaid", 1)).toMatchObject({ until: null })
})

test("[B14] the days follow the grace, also a short one and none", () => {
  expect([14, 7, 4, 3, 2, 1, 0].map(noticeDays)).toEqual([
    [0, 3, 13],
    [0, 3, 6],
    [0, 3],
    [0, 2],
    [0, 1],
    [0],
    [0],
  ])
})

test("[B14] a trial that ends within three days is told, unless it is set to end with it", () => {
  const trial = (days: number, cancelDays?: number) => {
    const cancelAt = cancelDays === undefined ? null : inDays(cancelDays)
    return mailDue(facts({ status: "trialing", trialEnd: inDays(days), cancelAt }), at, patience)?.mail
  }
  expect([4, 3.01, 3, 1, 0, -1].map(days => trial(days))).toEqual([
    undefined,
    undefined,
    "trial_ending",
    "trial_ending",
    undefined,
    undefined,
  ])
  expect(trial(2, 2)).toBeUndefined()
  expect(trial(2, 30)).toBe("trial_ending")
})
