/** One invoice, as lists of them show it. Amounts in the currency's smallest unit. */
export type InvoiceLine = {
  id: string
  /** Stripe's number for it, which stands on the paper. */
  number: string | null
  status: string
  currency: string
  total: number
  amountRefunded: number
  createdAt: Date
}

export type InvoiceTone = "good" | "warn" | "bad" | "plain"

/** How an invoice stands, in a word or two. */
export function stateOfInvoice({
  status,
  total,
  amountRefunded,
}: Pick<InvoiceLine, "status" | "total" | "amountRefunded">): { words: string; tone: InvoiceTone } {
  if (status === "paid" && amountRefunded > 0) {
    return { words: amountRefunded >= total ? "Sent back" : "Partly sent back", tone: "plain" }
  }
  if (status === "paid")
    return total < 0 ? { words: "Credit", tone: "plain" } : { words: "Paid", tone: "good" }
  if (status === "void") return { words: "Withdrawn", tone: "plain" }
  if (status === "uncollectible") return { words: "Not paid", tone: "bad" }
  return { words: "Open", tone: "warn" }
}
