import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { Form, type MetaFunction, useLoaderData } from "@remix-run/react"
import { EventFilters } from "~/components/event-filters"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { StripeEventsTable } from "~/components/stripe-events-table"
import { StripeStateCard } from "~/components/stripe-state"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Time } from "~/components/ui/time"
import { billingDesk } from "~/domain/billing/desk.server"
import { readEventFilter } from "~/domain/billing/desk-event"
import { lastComparison } from "~/domain/billing/reconciliation.server"
import { DeskAct } from "~/domain/billing/schemas"
import { replayStripeEvent } from "~/domain/billing/stripe-events.server"
import { stripeState } from "~/domain/billing/stripe-state.server"
import { clearAlert } from "~/domain/mail/alerts.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireOperator } from "~/http/guards.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing events", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const { filter, page } = viewOf(request)
  const [desk, comparison] = await Promise.all([billingDesk({ filter, page }), lastComparison()])
  return { desk, filter, setUp: stripeState(), comparison: comparison ?? null }
}

function viewOf(request: Request) {
  const query = new URL(request.url).searchParams
  return {
    filter: readEventFilter(query.get("state")),
    page: Number.parseInt(query.get("page") ?? "1", 10) || 1,
  }
}

export async function action({ request }: ActionFunctionArgs) {
  requireOperator(request)
  const form = await readForm(request, DeskAct)
  if (!form.ok) return refuse(form)
  const { filter, page } = viewOf(request)
  const back = paths.admin.billing({ state: filter, page: page > 1 ? String(page) : undefined })
  if (form.value.intent === "dismiss") {
    await clearAlert(form.value.alert)
    return redirectWithToast(back, { kind: "good", words: "The alert is down." })
  }
  const replayed = await replayStripeEvent(form.value.eventId)
  const words = replayed
    ? "The event is in the queue again."
    : "This event is not given up; there is nothing to replay."
  return redirectWithToast(back, { kind: replayed ? "good" : "bad", words })
}

export default function AdminBilling() {
  const { desk, filter, setUp, comparison } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Billing events" lead={<LastReceived at={desk.lastReceivedAt} />}>
      {desk.alerts.map(alert => (
        <Banner key={alert.key} tone="warn" title={alert.title} action={<Dismiss alert={alert.key} />}>
          {alert.words}
        </Banner>
      ))}
      <StripeStateCard state={setUp} comparison={comparison} />
      <EventFilters filter={filter} counts={desk.counts} />
      <Card flush>
        <StripeEventsTable events={desk.events} />
      </Card>
      <div className="flex gap-2">
        {desk.page > 1 && (
          <PageLink page={desk.page - 1} state={filter}>
            Newer
          </PageLink>
        )}
        {desk.page < desk.pages && (
          <PageLink page={desk.page + 1} state={filter}>
            Older
          </PageLink>
        )}
      </div>
    </AppPage>
  )
}

function LastReceived({ at }: { at: Date | null }) {
  return at ? (
    <>
      The last one came <Time at={at} show="relative" />.
    </>
  ) : (
    <>None has come yet.</>
  )
}

function Dismiss({ alert }: { alert: string }) {
  return (
    <Form method="post">
      <input type="hidden" name="alert" value={alert} />
      <Button kind="secondary" size="small" name="intent" value="dismiss">
        Done
      </Button>
    </Form>
  )
}

function PageLink({ page, state, children }: { page: number; state?: string; children: string }) {
  return (
    <ButtonLink kind="secondary" size="small" to={paths.admin.billing({ state, page: String(page) })}>
      {children}
    </ButtonLink>
  )
}
