import { useClockAhead } from "~/components/clock-ahead"
import { useHydrated } from "~/components/use-hydrated"
import { formatDate, formatDateTime, formatRelative } from "~/lib/format"

type Props = {
  /** ISO text, milliseconds or a Date. */
  at: string | number | Date
  /** `relative` shows the full time on hover. */
  show?: "datetime" | "date" | "relative"
  /** The server's present moment in milliseconds, where its clock is not the wall's. */
  now?: number
}

/** A moment: the server writes it in UTC, the browser in the reader's own zone. */
export function Time({ at, show = "datetime", now }: Props) {
  const here = useHydrated()
  const ahead = useClockAhead()
  const present = now ?? Date.now() + ahead
  const zone = here ? undefined : "UTC"
  const moment = new Date(at)
  const full = formatDateTime(moment, zone)
  const text = { datetime: full, date: formatDate(moment, zone), relative: formatRelative(moment, present) }[
    show
  ]
  // The server's words may differ by a second from the browser's first ones; the new key replaces them whole.
  return (
    <time
      key={here ? "here" : "utc"}
      dateTime={moment.toISOString()}
      title={show === "datetime" ? undefined : full}
      className="whitespace-nowrap"
      suppressHydrationWarning
    >
      {text}
    </time>
  )
}
