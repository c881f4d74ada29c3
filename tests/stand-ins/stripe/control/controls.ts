import { catchUp } from "../billing/due"
import { buyingControls } from "./buying"
import { confirmingControls } from "./confirming"
import type { Context } from "./context"
import type { Control, Methods } from "./control"
import { livingControls } from "./living"
import { wireControls } from "./wires"

export const controls = { ...buyingControls, ...livingControls, ...confirmingControls, ...wireControls }

export type ControlMethods = Methods<typeof controls>

const byName = new Map<string, Control<unknown, unknown>>(Object.entries(controls))

/** Runs a control by its name. An unknown name is an error. */
export async function runControl(context: Context, name: string, input: unknown): Promise<unknown> {
  const found = byName.get(name)
  if (!found) throw new Error(`The local Stripe has no control called ${name}.`)
  catchUp(context.ledger)
  return found.run(context, input)
}

/**
 * The controls as methods, in process or over HTTP. The seam is here: `call` answers what the table's types say
 * it does, because the same table runs at the other end.
 */
export function controlMethods(call: (name: string, input: unknown) => Promise<unknown>): ControlMethods {
  const methods = Object.fromEntries(
    [...byName.keys()].map(name => [name, (input?: unknown) => call(name, input)]),
  )
  return methods as unknown as ControlMethods
}
