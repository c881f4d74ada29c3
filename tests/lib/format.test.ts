import { expect, test } from "vitest"
import {
  currencyDecimals,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  formatMoney,
  formatNumber,
  formatRelative,
  formatUtcDate,
  initials,
  plural,
} from "~/lib/format"

const moment = Date.UTC(2026, 10, 20, 23, 5)

test.each([
  [2900, "usd", false, "$29.00"],
  [2900, "usd", true, "$29"],
  [2950, "usd", true, "$29.50"],
  [-500, "eur", false, "-€5.00"],
  [500, "jpy", false, "¥500"],
  [1234567, "JPY", false, "¥1,234,567"],
  [0, "gbp", true, "£0"],
])("[P1] %d %s (short: %s) reads %s", (amount, currency, short, text) => {
  expect(formatMoney(amount, currency, { short })).toBe(text)
})

test("[P1] three-decimal currencies are counted in thousandths, and the Icelandic krona in hundredths as Stripe does", () => {
  expect(currencyDecimals("kwd")).toBe(3)
  expect(currencyDecimals("isk")).toBe(2)
  expect(formatMoney(5_120, "kwd")).toMatch(/5\.120/)
})

test("[H2] dates name the month, in the zone asked for", () => {
  expect(formatDateTime(moment, "UTC")).toBe("20 Nov 2026, 23:05 UTC")
  expect(formatDateTime(moment, "Europe/Berlin")).toBe("21 Nov 2026, 00:05")
  expect(formatDate(moment, "UTC")).toBe("20 Nov 2026")
  expect(formatUtcDate(moment)).toBe("20 Nov 2026 (UTC)")
  expect(formatDate(moment, "Asia/Tokyo")).toBe("21 Nov 2026")
})

test.each([
  [0, "just now"],
  [-59_999, "just now"],
  [30_000, "in a moment"],
  [-60_000, "1 minute ago"],
  [-59 * 60_000, "59 minutes ago"],
  [-24 * 3_600_000, "yesterday"],
  [2 * 86_400_000, "in 2 days"],
  [-8 * 86_400_000, "last week"],
  [-70 * 86_400_000, "2 months ago"],
  [-400 * 86_400_000, "last year"],
])("[H2] %d ms from now is %s", (distance, words) => {
  expect(formatRelative(moment + distance, moment)).toBe(words)
})

test("[L16] a wait is rounded up, so that waiting that long is enough", () => {
  expect(formatDuration(1)).toBe("1 second")
  expect(formatDuration(59_001)).toBe("60 seconds")
  expect(formatDuration(60_000)).toBe("1 minute")
  expect(formatDuration(61_000)).toBe("2 minutes")
  expect(formatDuration(3_600_000)).toBe("1 hour")
  expect(formatDuration(24 * 3_600_000)).toBe("24 hours")
  expect(formatDuration(3 * 86_400_000)).toBe("3 days")
})

test("counted things agree with their number", () => {
  expect(plural(1, "member")).toBe("1 member")
  expect(plural(0, "member")).toBe("0 members")
  expect(plural(1_200, "entry", "entries")).toBe("1,200 entries")
  expect(formatNumber(1_234_567)).toBe("1,234,567")
  expect(formatList(["Ada", "Ben", "Cy"])).toBe("Ada, Ben and Cy")
})

test.each([
  ["Ada Lovelace", "AL"],
  ["Ada King Lovelace", "AL"],
  ["ada@example.com", "A"],
  ["ada.lovelace@example.com", "A"],
  ["Ärzte & Söhne", "ÄS"],
  ["Harbour", "H"],
  ["  ", "?"],
  ["", "?"],
])("%j has the initials %s", (name, letters) => {
  expect(initials(name)).toBe(letters)
})
