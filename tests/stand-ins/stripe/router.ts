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
  /** The id below it, as in `/v1/customers/:id/tax_ids/:sub`. */
  sub: string
}

/** The ids an address holds. */
export interface Named {
  id: string
  sub: string
}

export interface Route {
  method: string
  path: string
  matches: (path: string) => Named | undefined
  answer: (ledger: Ledger, form: FormMap, named: Named) => object
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
  const pattern = new RegExp(`^${path.replace(":id", "([^/]+)").replace(":sub", "([^/]+)")}$`)
  return {
    method,
    path,
    matches: candidate => {
      const match = pattern.exec(candidate)
      const name = (index: number) => decodeURIComponent(match?.[index] ?? "")
      return match ? { id: name(1), sub: name(2) } : undefined
    },
    answer: (ledger, form, named) => answer({ ledger, params: parseParams(schema, form), ...named }),
  }
}

/** Finds the route of a request, or refuses as Stripe does for an address it does not have. */
export function findRoute(routes: Route[], method: string, path: string): { route: Route; named: Named } {
  for (const candidate of routes) {
    const named = candidate.method === method ? candidate.matches(path) : undefined
    if (named !== undefined) return { route: candidate, named }
  }
  throw new StripeFailure(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}). The local Stripe does not have it.`,
  })
}
