import { PaymentMethodButton } from "~/components/payment-method-button"
import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { Time } from "~/components/ui/time"
import type { Banner as BillingNews } from "~/domain/billing/access"
import { paths } from "~/lib/paths"

type Props = { news: BillingNews; slug: string; mayPay: boolean }

/** What is wrong with the plan, on every page of the organisation: owners get the way out, the others whom to ask. */
export function BillingBanner({ news, slug, mayPay }: Props) {
  const { tone, words, act, until } = news
  return (
    <Banner tone={tone} action={mayPay && act && <WayOut act={act} slug={slug} />}>
      {words}
      {until && (
        <>
          {" "}
          Please see to it by <Time at={until} show="date" />.
        </>
      )}
      {act &&
        !mayPay &&
        ` Ask an owner to ${act === "fix_payment" ? "sort out the payment" : "choose a plan"}.`}
    </Banner>
  )
}

function WayOut({ act, slug }: { act: NonNullable<BillingNews["act"]>; slug: string }) {
  if (act === "choose_plan") {
    return (
      <ButtonLink kind="secondary" size="small" to={paths.pricing({ org: slug })}>
        Choose a plan
      </ButtonLink>
    )
  }
  return <PaymentMethodButton slug={slug} label="Sort out the payment" />
}
