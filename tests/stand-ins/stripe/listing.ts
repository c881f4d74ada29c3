import { missing, refused } from "./errors"
import type { ListObject } from "./objects"
import type { Created } from "./params"

interface PageParams {
  limit?: number | undefined
  starting_after?: string | undefined
  ending_before?: string | undefined
}

/**
 * One page of a list, newest first, after or before the named object.
 * Source: https://docs.stripe.com/api/pagination
 */
export function page<T extends { id: string }>(rows: T[], params: PageParams, url: string): ListObject<T> {
  const { limit = 10, starting_after, ending_before } = params
  if (limit < 1 || limit > 100)
    throw refused("Invalid integer: limit must be between 1 and 100", "limit", "parameter_invalid_integer")
  if (starting_after !== undefined && ending_before !== undefined) {
    throw refused("You cannot use both starting_after and ending_before.")
  }
  const newestFirst = [...rows].reverse()
  if (ending_before !== undefined) {
    const before = newestFirst.slice(0, indexOf(newestFirst, ending_before, "ending_before"))
    return { object: "list", data: before.slice(-limit), has_more: before.length > limit, url }
  }
  const start = starting_after === undefined ? 0 : indexOf(newestFirst, starting_after, "starting_after") + 1
  const after = newestFirst.slice(start)
  return { object: "list", data: after.slice(0, limit), has_more: after.length > limit, url }
}

function indexOf(rows: Array<{ id: string }>, id: string, param: string): number {
  const index = rows.findIndex(row => row.id === id)
  if (index < 0) throw missing("object", id, param, 400)
  return index
}

/** Whether a time matches a `created` filter: exact, or a range of gt, gte, lt and lte. */
export function within(time: number, filter: Created | undefined): boolean {
  if (filter === undefined) return true
  if (typeof filter === "number") return time === filter
  return (
    (filter.gt === undefined || time > filter.gt) &&
    (filter.gte === undefined || time >= filter.gte) &&
    (filter.lt === undefined || time < filter.lt) &&
    (filter.lte === undefined || time <= filter.lte)
  )
}

/** Whether a value matches a filter that may be absent. */
export function is<T>(value: T, filter: T | undefined): boolean {
  return filter === undefined || value === filter
}
