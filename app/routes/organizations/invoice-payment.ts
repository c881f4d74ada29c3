import { type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { invoicePayment, type PaymentRefusal } from "~/domain/billing/invoices.server"
import { failure, failures } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { redirectWithToast, type Toast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

const toasts: Record<Exclude<PaymentRefusal, "unknown">, Toast> = {
  unavailable: { kind: "bad", words: failures.stripe_unreachable[1] },
  paid: { kind: "good", words: "This invoice is paid. There is nothing left to do." },
  withdrawn: { kind: "good", words: "This invoice was withdrawn. There is nothing to pay." },
  written_off: { kind: "good", words: "This invoice was written off. Nobody asks for it any more." },
}

const noStore = { "Cache-Control": "no-store" }

/** Leads to the page of Stripe's where an invoice is paid, or its payment confirmed. Mails link here. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const { slug } = membership.organization
  const id = params.invoiceId === "open" ? undefined : params.invoiceId
  const page = await invoicePayment(membership, id)
  if (page.ok) return redirect(page.value.url, { status: 303, headers: noStore })
  if (page.error !== "unknown") {
    return redirectWithToast(paths.organization.invoices(slug), toasts[page.error], noStore)
  }
  if (id !== undefined) throw failure("not_found")
  const nothing: Toast = { kind: "good", words: "There is no open invoice." }
  return redirectWithToast(paths.organization.billing(slug), nothing, noStore)
}
