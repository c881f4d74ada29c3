/** One invoice, as lists of them show it. Amounts in the currency's smallest unit. */
export type InvoiceLine = {
  id: string
  /** Stripe's number for it, which stands on the paper. */
  number: string | null
  status: string
  currency: string
  total: number
  amountRemaining: number
  amountRefunded: number
  createdAt: Date
}

export type InvoiceTone = "good" | "warn" | "bad" | "plain"

/** Whether there is something left of it that can be paid by hand; also after its plan has ended. */
export function isPayable({ status, amountRemaining }: Pick<InvoiceLine, "status" | "amountRemaining">) {
  return status === "open" && amountRemaining > 0
}

/** How an invoice stands, in a word or two, and what that means where it is not plain. */
export function stateOfInvoice({
  status,
  total,
  amountRefunded,
}: Pick<InvoiceLine, "status" | "total" | "amountRefunded">): {
  words: string
  tone: InvoiceTone
  note?: string
} {
  if (status === "paid" && amountRefunded > 0) {
    return { words: amountRefunded >= total ? "Sent back" : "Partly sent back", tone: "plain" }
  }
  if (status === "paid")
    return total < 0 ? { words: "Credit", tone: "plain" } : { words: "Paid", tone: "good" }
  if (status === "void") return { words: "Withdrawn", tone: "plain", note: "There is nothing to pay." }
  if (status === "uncollectible")
    return { words: "Written off", tone: "plain", note: "Nobody asks for it any more." }
  return { words: "Open", tone: "warn" }
}
