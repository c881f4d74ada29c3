import { z } from "zod"
import { dayAfter, startOfDay } from "~/lib/days"

const Day = z.iso.date("Enter a day, such as 2026-11-20.").optional()

/** What an audit log can be filtered by, as it stands in the address. Days are of the reader's zone, where it is told. */
export const AuditQuery = z
  .object({
    who: z.string().trim().max(200, "Use 200 characters or fewer.").optional(),
    act: z
      .string()
      .regex(/^[a-z_]{1,40}(\.[a-z_]{1,40})?$/, "Choose one from the list.")
      .optional(),
    from: Day,
    to: Day,
    // Told by a script, not typed: one that does not fit is left out.
    zone: z.string().max(60).optional().catch(undefined),
  })
  .refine(({ from, to }) => !from || !to || from <= to, {
    path: ["to"],
    error: "This day is before the first one.",
  })

export type AuditQuery = z.output<typeof AuditQuery>

/** The stretch of time that the days of a filter cover, the last one included. */
export function timeOf({ from, to, zone }: AuditQuery): { gte?: Date; lt?: Date } {
  return {
    ...(from && { gte: startOfDay(from, zone) }),
    ...(to && { lt: startOfDay(dayAfter(to), zone) }),
  }
}
