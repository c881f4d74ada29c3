import type { LoaderFunctionArgs } from "@remix-run/node"
import { Link, type MetaFunction, useLoaderData } from "@remix-run/react"
import Check from "lucide-react/icons/check"
import { NoBuying } from "~/components/no-buying"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PriceNotes } from "~/components/price-notes"
import { ButtonLink } from "~/components/ui/button"
import { Money } from "~/components/ui/money"
import { currency, type Interval, isInterval, type Plan, planIds, plans } from "~/domain/billing/plans"
import { shop } from "~/domain/billing/shop.server"
import { buyerOf } from "~/http/buyer.server"
import { sayWhyNotBuy } from "~/http/why-not-buy-words.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Pricing", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams
  const asked = query.get("interval")
  const interval: Interval = isInterval(asked) ? asked : "month"
  const buyer = await buyerOf(request, query.get("org"))
  const { organization: forOrganization, whyNot, choices, trialDays, taxOnTop } = buyer
  const obstacle = forOrganization && whyNot && sayWhyNotBuy(whyNot, forOrganization)
  return { interval, forOrganization, obstacle, choices, trialDays, taxOnTop, shop: shop() }
}

export default function Pricing() {
  const { interval, forOrganization, obstacle, choices, trialDays, taxOnTop, shop } =
    useLoaderData<typeof loader>()
  const open = shop === "open" && !obstacle
  const org = forOrganization?.slug
  return (
    <PublicPage
      width="wide"
      title={forOrganization ? `A plan for ${forOrganization.name}` : "Plans that grow with you"}
      lead={
        choices.length > 0
          ? `For ${choices.map(({ name }) => name).join(", ")} or a new organisation: you choose in the next step.`
          : "Everyone signs in by e-mail. Change or end the plan whenever you like."
      }
    >
      <IntervalSwitch interval={interval} org={org} />
      {!open && <NoBuying obstacle={obstacle} />}
      <div className="mt-8 grid gap-5 md:grid-cols-3">
        {planIds.map(id => (
          <PlanCard key={id} plan={plans[id]} interval={interval} org={org} open={open} />
        ))}
      </div>
      {open && <PriceNotes trialDays={trialDays} taxOnTop={taxOnTop} />}
    </PublicPage>
  )
}

const intervalNames: Record<Interval, string> = { month: "Monthly", year: "Yearly, two months free" }

function IntervalSwitch({ interval, org }: { interval: Interval; org?: string }) {
  return (
    <nav aria-label="How often you pay" className="flex justify-center">
      <div className="flex gap-1 rounded-md border border-line bg-surface p-1">
        {(["month", "year"] as const).map(choice => (
          <Link
            key={choice}
            to={paths.pricing({ interval: choice, org })}
            aria-current={choice === interval ? "true" : undefined}
            preventScrollReset
            className="rounded-md px-4 py-2 text-ink-soft text-sm no-underline hover:text-ink aria-[current]:bg-lamp-soft aria-[current]:font-semibold aria-[current]:text-ink"
          >
            {intervalNames[choice]}
          </Link>
        ))}
      </div>
    </nav>
  )
}

type CardProps = { plan: Plan; interval: Interval; org?: string; open: boolean }

function PlanCard({ plan, interval, org, open }: CardProps) {
  const suggested = plan.id === "professional"
  return (
    <section
      aria-labelledby={`plan-${plan.id}`}
      className={`flex flex-col rounded-md border bg-surface p-6 ${suggested ? "border-lamp" : "border-line"}`}
    >
      <h2 id={`plan-${plan.id}`} className="text-ink text-lg">
        {plan.name}
      </h2>
      <p className="mt-1 text-ink-soft text-sm">{plan.tagline}</p>
      <p className="mt-5 text-ink">
        <span className="font-semibold text-2xl">
          <Money amount={plan.cents[interval]} currency={currency} short />
        </span>
        <span className="ml-1 text-ink-soft text-sm">{interval === "month" ? "a month" : "a year"}</span>
      </p>
      <ul className="mt-5 mb-8 grid gap-2 text-ink text-sm">
        {plan.features.map(feature => (
          <li key={feature} className="flex gap-2">
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
            {feature}
          </li>
        ))}
      </ul>
      {open && (
        <ButtonLink
          wide
          kind={suggested ? "primary" : "secondary"}
          to={paths.checkout.start({ plan: plan.id, interval, org })}
          className="mt-auto"
        >
          Choose {plan.name}
        </ButtonLink>
      )}
    </section>
  )
}
