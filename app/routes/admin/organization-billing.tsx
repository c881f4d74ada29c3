import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AccessDecision } from "~/components/access-decision"
import { CollectionPaused } from "~/components/collection-paused"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { FoldedEvents, StripeEventsTable } from "~/components/stripe-events-table"
import { SubscriptionSides } from "~/components/subscription-sides"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import { type Silence, syncNow } from "~/domain/billing/ask-stripe.server"
import { whyOf } from "~/domain/billing/why.server"
import { deskOrganization } from "~/domain/organizations/desk-organizations.server"
import { failure } from "~/http/failures.server"
import { requireOperator } from "~/http/guards.server"
import { redirectWithToast } from "~/http/toast.server"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data ? `Billing of ${data.organization.name}` : "Billing", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  requireOperator(request)
  const { id, name } = await organizationOf(params.organizationId)
  return { organization: { id, name }, ...(await whyOf(id)) }
}

export async function action({ request, params }: ActionFunctionArgs) {
  requireOperator(request)
  const { id } = await organizationOf(params.organizationId)
  const synced = await syncNow(id)
  const back = paths.admin.organizationBilling(id)
  if (!synced.ok) return redirectWithToast(back, { kind: "bad", words: unanswered[synced.error] })
  const changes = synced.value.length
  const words = changes === 0 ? "Stripe says the same." : `Stripe was asked: ${plural(changes, "change")}.`
  return redirectWithToast(back, { kind: "good", words })
}

const unanswered: Record<Silence, string> = {
  not_configured: "Billing is not set up on this installation.",
  unavailable: "Stripe does not answer at the moment. Try again in a minute.",
}

async function organizationOf(id = "") {
  const organization = await deskOrganization(id)
  if (!organization) throw failure("not_found")
  return organization
}

export default function AdminOrganizationBilling() {
  const { organization, silence, subscriptions, decision, holds, closing, events } =
    useLoaderData<typeof loader>()
  return (
    <AppPage
      title={`Billing of ${organization.name}`}
      lead={<TextLink to={paths.admin.organization(organization.id)}>Back to the organisation</TextLink>}
    >
      {silence && (
        <Banner tone="warn" title="Stripe’s side is missing">
          {silence === "unavailable"
            ? "Stripe does not answer at the moment. What stands here is what it said last."
            : "Billing is not set up on this installation."}
        </Banner>
      )}
      {subscriptions.map(
        ({ id, collectionPause: pause }) => pause && <CollectionPaused key={id} id={id} pause={pause} />,
      )}
      <AccessDecision decision={decision} holds={holds} closing={closing} />
      {subscriptions.map(subscription => (
        <SubscriptionSides key={subscription.id} subscription={subscription} answered={silence === null} />
      ))}
      <Form>
        <div>
          <Button kind="secondary" pendingLabel="Asking Stripe…">
            Ask Stripe again
          </Button>
        </div>
      </Form>
      <Card title="Latest events" flush>
        <StripeEventsTable ofOne events={events.rows} folded={events.folded} />
      </Card>
      <FoldedEvents folded={events.folded} query={{ organization: organization.id, state: "all" }} />
    </AppPage>
  )
}
