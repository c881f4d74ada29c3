import type { z } from "zod"
import { StripeFailure } from "./errors"
import type { FormMap } from "./form-encoding"
import type { Ledger } from "./ledger"
import { parseParams } from "./params"

export interface Call<P> {
  ledger: Ledger
  params: P
  /** The id in the address, empty where it has none. */
  id: string
}

export interface Route {
  method: string
  path: string
  matches: (path: string) => string | undefined
  answer: (ledger: Ledger, form: FormMap, id: string) => object
}

/**
 * One address of the API: `route("GET", "/v1/customers/:id", schema, answer)`. Fixed addresses must stand
 * before those with an id, the first that matches answers.
 */
export function route<S extends z.ZodType>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  schema: S,
  answer: (call: Call<z.output<S>>) => object,
): Route {
  const pattern = new RegExp(`^${path.replace(":id", "([^/]+)")}$`)
  return {
    method,
    path,
    matches: candidate => {
      const match = pattern.exec(candidate)
      return match ? decodeURIComponent(match[1] ?? "") : undefined
    },
    answer: (ledger, form, id) => answer({ ledger, params: parseParams(schema, form), id }),
  }
}

/** Finds the route of a request, or refuses as Stripe does for an address it does not have. */
export function findRoute(routes: Route[], method: string, path: string): { route: Route; id: string } {
  for (const candidate of routes) {
    const id = candidate.method === method ? candidate.matches(path) : undefined
    if (id !== undefined) return { route: candidate, id }
  }
  throw new StripeFailure(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}). The local Stripe does not have it.`,
  })
}
