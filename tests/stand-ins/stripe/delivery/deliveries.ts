import { Collection } from "../collection"
import type { Delivery } from "./delivery"

/** All deliveries, and those of one event without looking through the rest. */
export class Deliveries extends Collection<Delivery> {
  readonly #byEvent = new Map<string, Delivery[]>()

  override put(row: Delivery): Delivery {
    const list = this.#byEvent.get(row.event)
    if (list) list.push(row)
    else this.#byEvent.set(row.event, [row])
    return super.put(row)
  }

  override load(rows: Delivery[]): void {
    super.load([])
    this.#byEvent.clear()
    for (const row of rows) this.put(row)
  }

  of(event: string): Delivery[] {
    return this.#byEvent.get(event) ?? []
  }
}
