import { z } from "zod"

/** What every mail about a plan holds: whose it is, and who reads it. */
export const payerParameters = {
  organizationName: z.string(),
  organizationSlug: z.string(),
  planName: z.string(),
  /** Someone who can act on it, or the billing address, which may be nobody's here. */
  to: z.enum(["owner", "billing_address"]),
}

/** Why it came, for the foot of the mail. */
export function whyPayer(p: { to: "owner" | "billing_address"; organizationName: string }): string {
  return p.to === "owner"
    ? `You get this because you own ${p.organizationName}.`
    : `You get this because this is the billing address of ${p.organizationName}.`
}

/** "the Starter plan of Acme", "the plan of Acme" for a price nobody knows. */
export function planOf(p: { planName: string; organizationName: string }): string {
  return `the ${p.planName && `${p.planName} `}plan of ${p.organizationName}`
}
