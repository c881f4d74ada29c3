/** The moment a calendar day begins in a time zone: "2026-11-20" in "Europe/Berlin". An unknown zone counts as UTC. */
export function startOfDay(day: string, timeZone = "UTC"): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const clock = clockOf(timeZone)
  // The offset at the day's beginning may differ from the one at UTC's midnight.
  const near = midnight - offsetAt(clock, midnight)
  return new Date(midnight - offsetAt(clock, near))
}

/** The calendar day after this one. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
}

/** Whether this names a time zone that is known here. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const shown = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  } as const
  try {
    return new Intl.DateTimeFormat("en-GB", { ...shown, timeZone })
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...shown, timeZone: "UTC" })
  }
}

/** How far the clock of a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(clock: Intl.DateTimeFormat, moment: number): number {
  const parts = Object.fromEntries(
    clock.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - moment
}
