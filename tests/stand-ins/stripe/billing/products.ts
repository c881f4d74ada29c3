import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { ProductObject } from "../objects"

export interface NewProduct {
  id?: string | undefined
  name: string
  active?: boolean | undefined
  description?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
}

/** Adds a product and tells of it. */
export function createProduct(ledger: Ledger, given: NewProduct): ProductObject {
  if (ledger.products.get(given.id)) throw refused(`Product already exists.`, "id", "resource_already_exists")
  const now = ledger.clock.now()
  const product = ledger.products.put({
    id: given.id ?? newId("prod"),
    object: "product",
    active: given.active ?? true,
    created: now,
    default_price: null,
    description: given.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: given.metadata ?? {},
    name: given.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: now,
    url: null,
  })
  ledger.emit("product.created", product)
  return product
}
