import type { z } from "zod"
import type { Context } from "./context"

/** Something a test or a person may do to the local Stripe that Stripe's API does not offer. */
export interface Control<I, O> {
  readonly run: (context: Context, input: unknown) => O
  /** Only for the type of what may be given. */
  readonly input?: I
}

export function control<S extends z.ZodType, O>(
  schema: S,
  run: (context: Context, input: z.output<S>) => O,
): Control<z.input<S>, O> {
  return { run: (context, input) => run(context, schema.parse(input ?? {})) }
}

/** The methods a table of controls becomes, in process or over HTTP: same names, all asynchronous. */
export type Methods<T> = {
  [K in keyof T]: T[K] extends Control<infer I, infer O>
    ? Record<string, never> extends I
      ? (input?: I) => Promise<Awaited<O>>
      : (input: I) => Promise<Awaited<O>>
    : never
}
