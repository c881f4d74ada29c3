import { missing } from "./errors"

/** The objects of one kind, in the order they were made. */
export class Collection<T extends { id: string }> {
  readonly #rows = new Map<string, T>()

  constructor(readonly kind: string) {}

  get(id: string | null | undefined): T | undefined {
    return id ? this.#rows.get(id) : undefined
  }

  /** The object of that id, or Stripe's "No such …": 404, or 400 when it was named in a parameter. */
  require(id: string, param?: string): T {
    const row = this.#rows.get(id)
    if (!row) throw param === undefined ? missing(this.kind, id) : missing(this.kind, id, param, 400)
    return row
  }

  put(row: T): T {
    this.#rows.set(row.id, row)
    return row
  }

  delete(id: string): void {
    this.#rows.delete(id)
  }

  get size(): number {
    return this.#rows.size
  }

  all(): T[] {
    return [...this.#rows.values()]
  }

  find(test: (row: T) => boolean): T | undefined {
    for (const row of this.#rows.values()) if (test(row)) return row
    return undefined
  }

  filter(test: (row: T) => boolean): T[] {
    return this.all().filter(test)
  }

  load(rows: T[]): void {
    this.#rows.clear()
    for (const row of rows) this.#rows.set(row.id, row)
  }
}
