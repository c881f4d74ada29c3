/** What the form says in place of an organisation's address part; no address part looks like it. */
export const newOrganization = "+"

/** How a purchase stands, as far as the holder of its session id may know. Client-safe. */
export type PurchaseStatus = {
  status: "not_configured" | "pending" | "provisioning" | "active"
  /** Finer than `pending`: the debit takes days, it came back, or the payment page ran out. */
  detail?: "on_its_way" | "failed" | "expired"
  organizationName: string
  planName: string
  /** Masked, but for the browser that began the purchase. */
  email: string
  /** Set in that browser while a wrong address can still be mended. */
  mayCorrect?: true
  /** For the buyer who is signed in: the organisation's address part. */
  slug?: string
  /** Set when it begins with a trial: nothing is paid yet. */
  trial?: true
}

/** Whether something is about to happen; a bank debit takes days. */
export function isWaiting({ status, detail }: PurchaseStatus): boolean {
  return status === "provisioning" || (status === "pending" && detail === undefined)
}

/** Seconds after which asking again makes sense; undefined when nothing more will come. */
export function askAgainAfter(purchase: PurchaseStatus): number | undefined {
  if (isWaiting(purchase)) return 3
  return purchase.detail === "on_its_way" ? 60 : undefined
}

/** What the page says of it. */
export function purchaseWords({ status, detail, ...purchase }: PurchaseStatus): {
  title: string
  lead: string
} {
  const { organizationName, planName, email, slug, trial } = purchase
  const arrived = trial ? "Your trial has begun." : "The payment has arrived."
  if (status === "active" && slug) {
    return {
      title: `${organizationName} has the ${planName} plan`,
      lead: `${arrived} You can go on.`,
    }
  }
  if (status === "active") {
    return {
      title: "Check your mail",
      lead: `${organizationName} is ready. We sent a link to ${email}: it lets you in.`,
    }
  }
  if (status === "provisioning")
    return {
      title: "Setting things up",
      lead: `${arrived} You can close this page; a mail comes.`,
    }
  if (status === "not_configured")
    return { title: "Billing is not set up", lead: "Ask the person who runs this site." }
  switch (detail) {
    case "on_its_way":
      return {
        title: "Your payment is on its way",
        lead: `Banks take a few working days. We write to ${email} when it has arrived; you can close this page.`,
      }
    case "failed":
      return {
        title: "The payment did not go through",
        lead: "Nothing was set up, and you owe nothing. You can try again.",
      }
    case "expired":
      return { title: "This payment page has closed", lead: "Nothing was charged. You can start again." }
    default:
      return {
        title: "Waiting for the payment",
        lead: "This takes a few seconds. The page goes on by itself; you can also close it, a mail comes.",
      }
  }
}
