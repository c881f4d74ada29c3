import { PaymentMethodButton } from "~/components/payment-method-button"
import { KeepPlanButton } from "~/components/plan-ending"
import { Banner } from "~/components/ui/banner"
import { Money } from "~/components/ui/money"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import type { BillingView, UnpaidInvoice } from "~/domain/billing/billing-view"
import { paths } from "~/lib/paths"

type Props = { slug: string; view: BillingView }

/** What somebody who looks after the plan should know first: that it ends, or that a payment failed. */
export function PlanNews({ slug, view: { details, paying, mayManage } }: Props) {
  return (
    <>
      {details?.endsAt && (
        <Banner
          tone="warn"
          title="The plan is set to end"
          action={mayManage && <KeepPlanButton slug={slug} small />}
        >
          It ends on <Time at={details.endsAt} show="date" />. Until then, nothing changes.
        </Banner>
      )}
      {paying?.unpaid && <Unpaid slug={slug} invoice={paying.unpaid} />}
    </>
  )
}

function Unpaid({ slug, invoice }: { slug: string; invoice: UnpaidInvoice }) {
  const { id, number, amount, currency, nextAttemptAt } = invoice
  return (
    <Banner
      tone="bad"
      title={
        <>
          <Money amount={amount} currency={currency} /> could not be charged
        </>
      }
      action={<PaymentMethodButton slug={slug} />}
    >
      Invoice{" "}
      <TextLink to={paths.organization.invoice(slug, id)} reloadDocument>
        {number ?? "without a number"}
      </TextLink>{" "}
      is open.{" "}
      {nextAttemptAt ? (
        <>
          It is tried again on <Time at={nextAttemptAt} show="date" />; with another card it is paid at once.
        </>
      ) : (
        "It is not tried again by itself."
      )}
    </Banner>
  )
}
