import { expect, test } from "vitest"
import { dayAfter, startOfDay } from "~/lib/days"

const at = (day: string, zone?: string) => startOfDay(day, zone).toISOString()

test("[O10] a day begins at midnight of the reader's zone, also where the clocks change that day", () => {
  expect(at("2026-11-20")).toBe("2026-11-20T00:00:00.000Z")
  expect(at("2026-11-20", "Europe/Berlin")).toBe("2026-11-19T23:00:00.000Z")
  expect(at("2026-11-20", "Australia/Sydney")).toBe("2026-11-19T13:00:00.000Z")
  expect(at("2026-11-20", "America/Los_Angeles")).toBe("2026-11-20T08:00:00.000Z")
  expect(at("2026-11-20", "Pacific/Kiritimati")).toBe("2026-11-19T10:00:00.000Z")
  expect(at("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z")
  expect(at("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z")
  expect(at("2026-10-25", "Europe/Berlin")).toBe("2026-10-24T22:00:00.000Z")
  expect(at("2026-10-26", "Europe/Berlin")).toBe("2026-10-25T23:00:00.000Z")
})

test("[O10] a zone nobody knows counts as UTC", () => {
  expect(at("2026-11-20", "Middle-earth/Shire")).toBe("2026-11-20T00:00:00.000Z")
})

test("[O10] the day after the last of a year or of February", () => {
  expect(["2026-12-31", "2028-02-28", "2026-02-28"].map(dayAfter)).toEqual([
    "2027-01-01",
    "2028-02-29",
    "2026-03-01",
  ])
})
