import type { Ledger } from "../../stand-ins/stripe/ledger"

/** What a verdict is made from: Stripe's books, and our rows as they lie in the file. */
export type Seen = {
  ledger: Ledger
  rows: <Row>(sql: string, ...values: unknown[]) => Row[]
}
