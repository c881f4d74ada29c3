import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Facts } from "~/components/ui/facts"
import { Form } from "~/components/ui/form"
import { Money } from "~/components/ui/money"
import { Time } from "~/components/ui/time"
import { type AccessLevel, wordsOfStatus } from "~/domain/billing/access"
import { type BillingView, billingViewOf } from "~/domain/billing/billing-view.server"
import { currency, plans } from "~/domain/billing/plans"
import { seatWords } from "~/domain/billing/seat-words"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug)
  return { slug: membership.organization.slug, view: await billingViewOf(membership) }
}

export default function Billing() {
  const { slug, view } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title="Billing"
      lead={
        view.mayManage
          ? "The plan, when it is paid next, and everything about paying."
          : "The plan. Owners can change it."
      }
      action={view.mayManage && view.hasCustomer && <PortalButton slug={slug} />}
    >
      {view.details?.endsAt && (
        <Banner tone="warn" title="The plan is set to end">
          It ends on <Time at={view.details.endsAt} show="date" />. Until then, nothing changes.
        </Banner>
      )}
      <Card>
        {view.status === null ? (
          <NoPlan slug={slug} mayManage={view.mayManage} />
        ) : (
          <Facts items={factsOf(view)} />
        )}
      </Card>
      {view.mayManage && view.status !== null && view.level !== "full" && view.level !== "pending" && (
        <ButtonLink kind="secondary" to={paths.pricing({ org: slug })}>
          See the plans
        </ButtonLink>
      )}
    </AppPage>
  )
}

function PortalButton({ slug }: { slug: string }) {
  return (
    <Form action={paths.organization.portal(slug)}>
      <Button pendingLabel="Opening…">Manage plan and payment</Button>
    </Form>
  )
}

function NoPlan({ slug, mayManage }: { slug: string; mayManage: boolean }) {
  return (
    <EmptyState
      title="No plan yet"
      action={mayManage && <ButtonLink to={paths.pricing({ org: slug })}>See the plans</ButtonLink>}
    >
      A plan gives this organisation more seats. {mayManage ? "" : "An owner can choose one."}
    </EmptyState>
  )
}

const tones: Record<AccessLevel, BadgeTone> = {
  full: "good",
  pending: "warn",
  read_only: "bad",
  archived: "bad",
  none: "plain",
}

function factsOf({ plan, status, level, details }: BillingView) {
  const facts = [
    { label: "Plan", value: plan ? plans[plan].name : "Unknown" },
    {
      label: "Status",
      value: (
        <Badge tone={status === "past_due" ? "warn" : tones[level]}>{wordsOfStatus(status ?? "")}</Badge>
      ),
    },
  ]
  if (!details) return facts
  const { interval, seats, nextDate } = details
  if (plan) {
    const every = interval === "month" ? "a month" : "a year"
    const price = <Money amount={plans[plan].cents[interval]} currency={currency} short />
    facts.push({
      label: "Price",
      value: (
        <span>
          {price} {every}, before tax
        </span>
      ),
    })
  }
  facts.push({ label: "Seats", value: seatWords(seats) })
  if (nextDate) facts.push({ label: "Next payment", value: <Time at={nextDate} show="date" /> })
  return facts
}
