import { z } from "zod"
import { createCreditNote, voidCreditNote } from "../billing/credit-notes"
import { is, page, within } from "../listing"
import { accepts, acceptsPage, created, int, metadata, text } from "../params"
import { route } from "../router"

const REASONS = z.enum(["duplicate", "fraudulent", "order_change", "product_unsatisfactory"])

export const creditNoteRoutes = [
  route(
    "GET",
    "/v1/credit_notes",
    acceptsPage({ created: created.optional(), customer: text.optional(), invoice: text.optional() }),
    ({ ledger, params }) =>
      page(
        ledger.creditNotes.filter(
          row =>
            within(row.created, params.created) &&
            is<string | null>(row.customer, params.customer) &&
            is(row.invoice, params.invoice),
        ),
        params,
        "/v1/credit_notes",
      ),
  ),
  route(
    "POST",
    "/v1/credit_notes",
    accepts({
      invoice: text,
      amount: int.optional(),
      credit_amount: int.optional(),
      email_type: z.enum(["credit_note", "none"]).optional(),
      memo: text.optional(),
      metadata: metadata.optional(),
      out_of_band_amount: int.optional(),
      reason: REASONS.optional(),
      refund_amount: int.optional(),
    }),
    ({ ledger, params }) => createCreditNote(ledger, params),
  ),
  route("GET", "/v1/credit_notes/:id", accepts({}), ({ ledger, id }) => ledger.creditNotes.require(id)),
  route("POST", "/v1/credit_notes/:id/void", accepts({}), ({ ledger, id }) =>
    voidCreditNote(ledger, ledger.creditNotes.require(id)),
  ),
]
