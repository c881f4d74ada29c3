import { addTaxId, taxIdsOf } from "../billing/tax-ids"
import { missing } from "../errors"
import type { Ledger } from "../ledger"
import { page } from "../listing"
import type { TaxIdObject } from "../objects"
import { accepts, acceptsPage, text } from "../params"
import { route } from "../router"

const PATH = "/v1/customers/:id/tax_ids"

export const taxIdRoutes = [
  route("GET", PATH, acceptsPage({}), ({ ledger, params, id }) => {
    ledger.customers.require(id)
    return page(taxIdsOf(ledger, id), params, `/v1/customers/${id}/tax_ids`)
  }),
  route("POST", PATH, accepts({ type: text, value: text }), ({ ledger, params, id }) =>
    addTaxId(ledger, ledger.customers.require(id), params.type, params.value),
  ),
  route("GET", `${PATH}/:sub`, accepts({}), ({ ledger, id, sub }) => ownTaxId(ledger, id, sub)),
  route("DELETE", `${PATH}/:sub`, accepts({}), ({ ledger, id, sub }) => {
    const taxId = ownTaxId(ledger, id, sub)
    ledger.taxIds.delete(taxId.id)
    ledger.emit("customer.tax_id.deleted", taxId)
    return { id: taxId.id, object: "tax_id", deleted: true }
  }),
]

function ownTaxId(ledger: Ledger, customer: string, id: string): TaxIdObject {
  const found = ledger.taxIds.get(id)
  if (found?.customer !== customer) throw missing("tax id", id)
  return found
}
