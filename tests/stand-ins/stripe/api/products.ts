import { z } from "zod"
import { createProduct } from "../billing/products"
import { refused } from "../errors"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import type { ProductObject } from "../objects"
import { accepts, acceptsPage, bool, clearable, created, metadata, text, url } from "../params"
import { route } from "../router"

const marketingFeatures = clearable(z.array(z.strictObject({ name: text }))).optional()

const fields = {
  active: bool.optional(),
  description: clearable(text).optional(),
  images: clearable(z.array(url)).optional(),
  marketing_features: marketingFeatures,
  metadata: metadata.optional(),
  shippable: bool.optional(),
  statement_descriptor: text.optional(),
  tax_code: clearable(text).optional(),
  unit_label: clearable(text).optional(),
  url: clearable(url).optional(),
}

export const productRoutes = [
  route(
    "GET",
    "/v1/products",
    acceptsPage({
      active: bool.optional(),
      created: created.optional(),
      ids: z.array(text).optional(),
      shippable: bool.optional(),
      url: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.products.filter(
          row =>
            is(row.active, params.active) &&
            within(row.created, params.created) &&
            (params.ids === undefined || params.ids.includes(row.id)) &&
            is(row.url, params.url),
        ),
        params,
        "/v1/products",
      ),
  ),
  route(
    "POST",
    "/v1/products",
    accepts({
      ...fields,
      id: text.optional(),
      name: text.min(1),
      type: z.enum(["service", "good"]).optional(),
    }),
    ({ ledger, params }) => {
      const product = createProduct(ledger, params)
      return assign(product, params)
    },
  ),
  route("GET", "/v1/products/:id", accepts({}), ({ ledger, id }) => ledger.products.require(id)),
  route(
    "POST",
    "/v1/products/:id",
    accepts({ ...fields, name: text.min(1).optional(), default_price: text.optional() }),
    ({ ledger, params, id }) => {
      if (params.default_price) ledger.prices.require(params.default_price, "default_price")
      return ledger.change("product.updated", ledger.products.require(id), product => {
        if (params.name !== undefined) product.name = params.name
        if (params.default_price !== undefined) product.default_price = params.default_price || null
        if (params.metadata !== undefined) product.metadata = mergeMetadata(product.metadata, params.metadata)
        assign(product, { ...params, metadata: undefined })
        product.updated = ledger.clock.now()
      })
    },
  ),
  route("DELETE", "/v1/products/:id", accepts({}), ({ ledger, id }) => {
    const product = ledger.products.require(id)
    if (ledger.prices.find(price => price.product === id)) {
      throw refused("This product cannot be deleted because it has one or more user-created prices.")
    }
    ledger.products.delete(id)
    ledger.emit("product.deleted", product)
    return { id, object: "product", deleted: true }
  }),
]

type Given = { [K in keyof typeof fields]?: z.output<(typeof fields)[K]> }

function assign(product: ProductObject, given: Given): ProductObject {
  if (given.active !== undefined) product.active = given.active
  if (given.description !== undefined) product.description = given.description
  if (given.images !== undefined) product.images = given.images ?? []
  if (given.marketing_features !== undefined) product.marketing_features = given.marketing_features ?? []
  if (given.statement_descriptor !== undefined) product.statement_descriptor = given.statement_descriptor
  if (given.tax_code !== undefined) product.tax_code = given.tax_code
  if (given.unit_label !== undefined) product.unit_label = given.unit_label
  if (given.url !== undefined) product.url = given.url
  if (given.shippable !== undefined) product.shippable = given.shippable
  return product
}
