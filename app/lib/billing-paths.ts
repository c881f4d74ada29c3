import { paths } from "~/lib/paths"

/** Addresses of billing that no public page leads to: apart from the others, because those are loaded with every first page. */
export const billingPaths = {
  /** Leads to where an invoice is paid; without an id, the latest that is open. */
  invoicePayment: (slug: string, invoiceId = "open") =>
    `${paths.organization.invoice(slug, invoiceId)}/payment`,
  /** Where Stripe's portal leads back to: what was done there shows, before any event tells of it. */
  fromPortal: (slug: string) => `${paths.organization.billing(slug)}?from=portal`,
  resumption: (slug: string) => `${paths.organization.billing(slug)}/resumption`,
}
