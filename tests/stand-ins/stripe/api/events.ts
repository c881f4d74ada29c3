import { z } from "zod"
import { keptEvents, withPending } from "../delivery/pending"
import { missing } from "../errors"
import { is, page, within } from "../listing"
import { accepts, acceptsPage, bool, created, text } from "../params"
import { route } from "../router"

const matchesType = (type: string, pattern: string) =>
  pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern

export const eventRoutes = [
  route(
    "GET",
    "/v1/events",
    acceptsPage({
      created: created.optional(),
      delivery_success: bool.optional(),
      type: text.optional(),
      types: z.array(text).max(20, { error: "at most 20 types" }).optional(),
    }),
    ({ ledger, params }) => {
      const { type, types } = params
      const rows = keptEvents(ledger)
        .filter(
          row =>
            within(row.created, params.created) &&
            (type === undefined || matchesType(row.type, type)) &&
            (types === undefined || types.some(one => matchesType(row.type, one))),
        )
        .map(row => withPending(ledger, row))
        .filter(row => is(row.pending_webhooks === 0, params.delivery_success))
      return page(rows, params, "/v1/events")
    },
  ),
  route("GET", "/v1/events/:id", accepts({}), ({ ledger, id }) => {
    const event = keptEvents(ledger).find(row => row.id === id)
    if (!event) throw missing("event", id)
    return withPending(ledger, event)
  }),
]
