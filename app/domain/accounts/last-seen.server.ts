import { notedTimes } from "~/platform/noted-times.server"

const seen = notedTimes({
  /** How stale "last seen" may be: milliseconds. */
  precision: 5 * 60 * 1000,
  update: "UPDATE Session SET lastSeenAt = ? WHERE id = ? AND endedAt IS NULL AND lastSeenAt < ?",
})

/** Notes that a session was used at this moment. */
export function noteSeen({ id, lastSeenAt }: { id: string; lastSeenAt: number }, at: number): void {
  seen.note(id, lastSeenAt, at)
}

/** Writes what was noted since the last call. Runs on a schedule and at stop. */
export function saveLastSeen(): Promise<void> {
  return seen.save()
}
