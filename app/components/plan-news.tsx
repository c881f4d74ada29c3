import type { ReactNode } from "react"
import { SeeToIt } from "~/components/billing-banner"
import { KeepPlanButton } from "~/components/plan-ending"
import { Banner } from "~/components/ui/banner"
import { Money } from "~/components/ui/money"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { WayOut } from "~/components/way-out"
import type { Banner as BillingNews } from "~/domain/billing/banners"
import type { BillingView, UnpaidInvoice } from "~/domain/billing/billing-view"
import { billingPaths } from "~/lib/billing-paths"
import { paths } from "~/lib/paths"

type Props = { slug: string; view: BillingView }

/** What somebody who looks after the plan should know first: one trouble with its way out, or else that the plan ends. */
export function PlanNews({ slug, view: { details, paying, mayManage } }: Props) {
  if (paying?.news) return <Alarm slug={slug} news={paying.news} unpaid={paying.unpaid} details={details} />
  if (!details?.endsAt) return null
  return (
    <Banner
      tone="warn"
      title="The plan is set to end"
      action={mayManage && <KeepPlanButton slug={slug} small />}
    >
      It ends on <Time at={details.endsAt} show="date" />. Until then, nothing changes.
    </Banner>
  )
}

type AlarmProps = {
  slug: string
  news: BillingNews
  unpaid: readonly UnpaidInvoice[]
  details: BillingView["details"]
}

/** The one alarm of the billing page, with its main button; everything else there is quiet. */
function Alarm({ slug, news: { tone, words, act, until }, unpaid, details }: AlarmProps) {
  const owed = sumOf(unpaid)
  const titles: Partial<Record<NonNullable<typeof act>, ReactNode>> = {
    fix_payment: owed && (
      <>
        <Money {...owed} /> could not be charged
      </>
    ),
    confirm_payment: owed && (
      <>
        <Money {...owed} /> waits to be confirmed
      </>
    ),
  }
  return (
    <Banner tone={tone} title={act && titles[act]} action={act && <WayOut act={act} slug={slug} primary />}>
      {words}
      {act === "resume_plan" && details?.price && (
        <>
          {" "}
          Resumed, it costs <Money {...details.price} short /> a {details.interval} again, from that day.
        </>
      )}
      <Unpaid slug={slug} invoices={unpaid} act={act} />
      {until && <SeeToIt by={until} />}
    </Banner>
  )
}

/** One subscription is charged in one currency. */
function sumOf(unpaid: readonly UnpaidInvoice[]): Pick<UnpaidInvoice, "amount" | "currency"> | undefined {
  const [first] = unpaid
  return first && { amount: unpaid.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency }
}

type UnpaidProps = { slug: string; invoices: readonly UnpaidInvoice[]; act: BillingNews["act"] }

function Unpaid({ slug, invoices, act }: UnpaidProps) {
  const [only] = invoices
  if (!only) return null
  if (invoices.length > 1) {
    return (
      <ul className="my-1 grid list-disc gap-1 pl-5">
        {invoices.map(invoice => (
          <li key={invoice.id}>
            <Open slug={slug} invoice={invoice} act={act} priced />
          </li>
        ))}
      </ul>
    )
  }
  // The title has named the amount.
  const priced = act !== "fix_payment" && act !== "confirm_payment"
  return (
    <>
      {" "}
      <Open slug={slug} invoice={only} act={act} priced={priced} />
    </>
  )
}

type OpenProps = { slug: string; invoice: UnpaidInvoice; act: BillingNews["act"]; priced: boolean }

/** An open invoice, and what becomes of it. A new card is surely used only when it is tried again, or paid by hand. */
function Open({ slug, invoice: { id, number, amount, currency, nextAttemptAt }, act, priced }: OpenProps) {
  const tried = act === "fix_payment" && nextAttemptAt
  return (
    <>
      Invoice{" "}
      <TextLink to={paths.organization.invoice(slug, id)} reloadDocument>
        {number ?? "without a number"}
      </TextLink>{" "}
      {priced && (
        <>
          for <Money amount={amount} currency={currency} />{" "}
        </>
      )}
      is open.
      {tried && (
        <>
          {" "}
          It is tried again on <Time at={nextAttemptAt} show="date" />, with the card that is set then.
        </>
      )}
      {act !== "confirm_payment" && !nextAttemptAt && " It is not tried again by itself."}
      {act !== "confirm_payment" && (tried || !nextAttemptAt) && (
        <>
          {" "}
          <TextLink to={billingPaths.invoicePayment(slug, id)} reloadDocument>
            {tried ? "Pay it now" : "Pay it"}
          </TextLink>
          .
        </>
      )}
    </>
  )
}
