import { z } from "zod"
import { type Page, type Place, parseCursor } from "~/lib/cursor"

const limitWords = "Ask for 1 to 100 at a time."

/** What every list of the API takes. */
export const PageQuery = z.object({
  cursor: z
    .string()
    .max(80)
    .transform((text, context) => {
      const position = parseCursor(text)
      if (position) return position
      context.addIssue("This cursor is none of ours. Take it from `next`, or leave it out.")
      return z.NEVER
    })
    .optional()
    .meta({ description: "Where to go on: `next` of the page before. Without one, the list begins." }),
  limit: z.coerce
    .number(limitWords)
    .int(limitWords)
    .min(1, limitWords)
    .max(100, limitWords)
    .default(50)
    .meta({ description: "How many at most." }),
})

/** A page of such rows, as every list of the API answers it. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    data: z.array(row),
    next: z.string().nullable().meta({ description: "The cursor of the next page; null at the end." }),
  })
}

/** Which page a checked query asks for. */
export function placeIn({ cursor, limit }: z.output<typeof PageQuery>): Place {
  return { after: cursor, take: limit }
}

/** The answer from a page, each row told by `tell`. */
export function pageAnswer<Row, Told>({ rows, next }: Page<Row>, tell: (row: Row) => Told) {
  return { data: rows.map(tell), next }
}
