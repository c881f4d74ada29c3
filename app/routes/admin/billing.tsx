import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { Form, type MetaFunction, useLoaderData } from "@remix-run/react"
import { EventFilters } from "~/components/event-filters"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { FoldedEvents, StripeEventsTable } from "~/components/stripe-events-table"
import { StripeStateCard } from "~/components/stripe-state"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Time } from "~/components/ui/time"
import { lastComparison } from "~/domain/billing/comparison-report.server"
import { billingDesk } from "~/domain/billing/desk.server"
import { readEventQuery } from "~/domain/billing/desk-event"
import { handledTypes } from "~/domain/billing/event-topics"
import { DeskAct } from "~/domain/billing/schemas"
import { replayDeadEvents, replayStripeEvent } from "~/domain/billing/stripe-events.server"
import { stripeState } from "~/domain/billing/stripe-state.server"
import { clearAlert } from "~/domain/mail/alerts.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireOperator } from "~/http/guards.server"
import { placeOf } from "~/http/paging.server"
import { redirectWithToast } from "~/http/toast.server"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing events", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const query = readEventQuery(new URL(request.url).searchParams)
  const [desk, comparison] = await Promise.all([billingDesk(query, placeOf(request)), lastComparison()])
  return { desk, query, types: handledTypes, setUp: stripeState(), comparison: comparison ?? null }
}

export async function action({ request }: ActionFunctionArgs) {
  requireOperator(request)
  const form = await readForm(request, DeskAct)
  if (!form.ok) return refuse(form)
  const back = paths.admin.billing(readEventQuery(new URL(request.url).searchParams))
  if (form.value.intent === "dismiss") {
    await clearAlert(form.value.alert)
    return redirectWithToast(back, { kind: "good", words: "The alert is down." })
  }
  if (form.value.intent === "replay-all") {
    const replayed = await replayDeadEvents()
    const words =
      replayed === 0 ? "There is nothing to replay." : `${plural(replayed, "event")} in the queue again.`
    return redirectWithToast(back, { kind: replayed > 0 ? "good" : "bad", words })
  }
  const replayed = await replayStripeEvent(form.value.eventId)
  const words = replayed
    ? "The event is in the queue again."
    : "This event is not given up; there is nothing to replay."
  return redirectWithToast(back, { kind: replayed ? "good" : "bad", words })
}

export default function AdminBilling() {
  const { desk, query, types, setUp, comparison } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Billing events" lead={<LastReceived at={desk.lastReceivedAt} />}>
      {desk.alerts.map(alert => (
        <Banner key={alert.key} tone="warn" title={alert.title} action={<Dismiss alert={alert.key} />}>
          {alert.words}
        </Banner>
      ))}
      <StripeStateCard state={setUp} comparison={comparison} />
      <EventFilters query={query} counts={desk.counts} types={types} />
      {desk.counts.dead > 1 && <ReplayAll />}
      <Card flush>
        <StripeEventsTable events={desk.rows} folded={desk.folded} />
      </Card>
      <FoldedEvents folded={desk.folded} query={query} />
      <Pager
        previous={desk.previous}
        next={desk.next}
        label="Pages of the events"
        words={["Newer", "Older"]}
      />
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

function ReplayAll() {
  return (
    <Form method="post">
      <Button kind="secondary" size="small" name="intent" value="replay-all">
        Replay all given up
      </Button>
    </Form>
  )
}
