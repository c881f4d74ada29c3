import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { DAY } from "./clock"
import { keptEvents } from "./delivery/pending"
import type { Dunning, TaxSettings } from "./facts"
import { type Ledger, NO_TAX } from "./ledger"

interface SavedState {
  version: 1
  offset: number
  dunning: Dunning
  tax?: TaxSettings
  collections: Record<string, Array<{ id: string }>>
}

const collectionsOf = (ledger: Ledger) => Object.entries({ ...ledger.shown(), ...ledger.hidden() })

/** Writes the whole account to one JSON file; a crash leaves the old file or the new one, never half. */
function saveState(ledger: Ledger, file: string): void {
  const state: SavedState = {
    version: 1,
    offset: ledger.clock.offset,
    dunning: ledger.dunning,
    tax: ledger.tax,
    collections: Object.fromEntries(collectionsOf(ledger).map(([name, rows]) => [name, rows.all()])),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}

// A small account is written with each change, before the answer. A large one, whose file takes long to write, is
// written once a second, and a kill may lose that second.
const SMALL_EVENTS = 500
const PAUSE_MS = 1_000

/** Keeps the account's file up to date: `save` after each change, `flush` before the end. */
export function keepState(ledger: Ledger, file: string): { save: () => void; flush: () => void } {
  let waiting: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(waiting)
    waiting = undefined
    saveState(ledger, file)
  }
  const save = () => {
    if (ledger.events.size <= SMALL_EVENTS) flush()
    else waiting ??= setTimeout(flush, PAUSE_MS)
  }
  return { save, flush }
}

/** Reads the account back. The file is our own, so its content is taken at its word. */
export function loadState(ledger: Ledger, file: string): void {
  if (!existsSync(file)) return
  const state: SavedState = JSON.parse(readFileSync(file, "utf8"))
  if (state.version !== 1)
    throw new Error(`${file} was written by another version of the local Stripe; remove it to start afresh.`)
  ledger.clock.offset = state.offset
  ledger.dunning = state.dunning
  ledger.tax = state.tax ?? { ...NO_TAX }
  for (const [name, collection] of collectionsOf(ledger)) collection.load(state.collections[name] ?? [])
  shareObjects(ledger)
  forgetOld(ledger)
}

// In the file each holder has its own copy of a price; here a change of the price shows everywhere.
function shareObjects(ledger: Ledger): void {
  const items = [
    ...ledger.subscriptions.all().flatMap(row => row.items.data),
    ...ledger.sessionFacts.all().flatMap(row => row.lineItems),
  ]
  for (const item of items) item.price = ledger.prices.get(item.price.id) ?? item.price
}

// What nobody can ask for any more would only make the file grow.
function forgetOld(ledger: Ledger): void {
  const events = keptEvents(ledger)
  const kept = new Set(events.map(row => row.id))
  ledger.events.load(events)
  ledger.deliveries.load(ledger.deliveries.filter(row => kept.has(row.event)))
  const yesterday = Date.now() / 1000 - DAY
  ledger.idempotentAnswers.load(ledger.idempotentAnswers.filter(row => row.created > yesterday))
}
