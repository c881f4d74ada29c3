import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import type { Dunning } from "./facts"
import type { Ledger } from "./ledger"

interface SavedState {
  version: 1
  offset: number
  dunning: Dunning
  collections: Record<string, Array<{ id: string }>>
}

const collectionsOf = (ledger: Ledger) => Object.entries({ ...ledger.shown(), ...ledger.hidden() })

/** Writes the whole account to one JSON file; a crash leaves the old file or the new one, never half. */
export function saveState(ledger: Ledger, file: string): void {
  const state: SavedState = {
    version: 1,
    offset: ledger.clock.offset,
    dunning: ledger.dunning,
    collections: Object.fromEntries(collectionsOf(ledger).map(([name, rows]) => [name, rows.all()])),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}

/** Reads the account back. The file is our own, so its content is taken at its word. */
export function loadState(ledger: Ledger, file: string): void {
  if (!existsSync(file)) return
  const state: SavedState = JSON.parse(readFileSync(file, "utf8"))
  if (state.version !== 1)
    throw new Error(`${file} was written by another version of the local Stripe; remove it to start afresh.`)
  ledger.clock.offset = state.offset
  ledger.dunning = state.dunning
  for (const [name, collection] of collectionsOf(ledger)) collection.load(state.collections[name] ?? [])
}
