import { writeFileSync } from "node:fs"
import { ApiServer } from "./api-server"
import type { Context } from "./control/context"
import { type ControlMethods, controlMethods, runControl } from "./control/controls"
import { Webhooks } from "./delivery/webhooks"
import { Dice } from "./dice"
import { Faults } from "./faults"
import { Ledger } from "./ledger"
import { keepState, loadState } from "./state-file"

export const DEFAULT_SECRET_KEY = "sk_test_local_gatehouse000000000"

export interface AccountOptions {
  /** The name on the pages and invoices. */
  appName?: string
  secretKey?: string
  /** A JSON file that keeps the account over a restart. */
  stateFile?: string
  /** The time at which it is opened, in seconds; now unless named. */
  begins?: number
  /** A file that is kept at the milliseconds by which the clock is ahead, for an app that keeps the same time. */
  clockFile?: string
  /** Repeats what is left to chance; any seed unless named. */
  seed?: number
}

export interface Account {
  context: Context
  controls: ControlMethods
  /** The address its pages and objects name, once it is known. */
  baseUrl: (url: string) => void
  flush: () => void
}

const NOTHING_KEPT = { save: () => {}, flush: () => {} }

/** A Stripe account in this process: API, controls and webhooks. Nothing listens yet. */
export function openAccount(options: AccountOptions = {}): Account {
  const {
    appName = "Gatehouse",
    secretKey = DEFAULT_SECRET_KEY,
    stateFile,
    seed,
    begins,
    clockFile,
  } = options
  const settings = { appName, secretKey, baseUrl: "http://127.0.0.1:0" }
  const ledger = new Ledger(settings)
  if (seed !== undefined) ledger.dice = new Dice(seed)
  if (begins !== undefined) ledger.clock.beginAt(begins)
  if (clockFile) {
    const tell = (ahead: number) => writeFileSync(clockFile, String(ahead * 1_000))
    tell(ledger.clock.offset)
    ledger.clock.follower = tell
  }
  if (stateFile) loadState(ledger, stateFile)
  const { save, flush } = stateFile ? keepState(ledger, stateFile) : NOTHING_KEPT
  const faults = new Faults()
  const webhooks = new Webhooks(ledger, save)
  const context: Context = {
    ledger,
    webhooks,
    faults,
    api: new ApiServer(ledger, faults, save),
    commit: save,
  }
  ledger.onEvent = event => webhooks.accept(event)
  return {
    context,
    controls: controlMethods(async (name, input) => {
      const result = await runControl(context, name, input)
      save()
      return result === undefined ? undefined : structuredClone(result)
    }),
    baseUrl: url => {
      settings.baseUrl = url
    },
    flush,
  }
}
