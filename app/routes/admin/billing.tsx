import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { Form, Link, type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { StripeEventsTable } from "~/components/stripe-events-table"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Time } from "~/components/ui/time"
import { billingDesk } from "~/domain/billing/desk.server"
import { eventStates, isEventState, stateNames } from "~/domain/billing/desk-event"
import { DeskAct } from "~/domain/billing/schemas"
import { replayStripeEvent } from "~/domain/billing/stripe-events.server"
import { clearAlert } from "~/domain/mail/alerts.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireOperator } from "~/http/guards.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing events", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const query = new URL(request.url).searchParams
  const asked = query.get("state")
  const state = isEventState(asked) ? asked : undefined
  const page = Number.parseInt(query.get("page") ?? "1", 10) || 1
  return { desk: await billingDesk({ state, page }), state }
}

export async function action({ request }: ActionFunctionArgs) {
  requireOperator(request)
  const form = await readForm(request, DeskAct)
  if (!form.ok) return refuse(form)
  if (form.value.intent === "dismiss") {
    await clearAlert(form.value.alert)
    return redirectWithToast(paths.admin.billing(), { kind: "good", words: "The alert is down." })
  }
  const replayed = await replayStripeEvent(form.value.eventId)
  const words = replayed
    ? "The event is in the queue again."
    : "This event is not given up; there is nothing to replay."
  return redirectWithToast(paths.admin.billing(), { kind: replayed ? "good" : "bad", words })
}

export default function AdminBilling() {
  const { desk, state } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Billing events" lead={<LastReceived at={desk.lastReceivedAt} />}>
      {desk.alerts.map(alert => (
        <Banner key={alert.key} tone="warn" title={alert.title} action={<Dismiss alert={alert.key} />}>
          {alert.words}
        </Banner>
      ))}
      <nav aria-label="State of the events" className="flex flex-wrap gap-4 text-sm">
        <Link to={paths.admin.billing()} className={filterLook} aria-current={state ? undefined : "page"}>
          All
        </Link>
        {eventStates.map(one => (
          <Link
            key={one}
            to={paths.admin.billing({ state: one })}
            className={filterLook}
            aria-current={one === state ? "page" : undefined}
          >
            {stateNames[one]} ({desk.counts[one]})
          </Link>
        ))}
      </nav>
      <Card flush>
        <StripeEventsTable events={desk.events} />
      </Card>
      <div className="flex gap-2">
        {desk.page > 1 && (
          <PageLink page={desk.page - 1} state={state}>
            Newer
          </PageLink>
        )}
        {desk.page < desk.pages && (
          <PageLink page={desk.page + 1} state={state}>
            Older
          </PageLink>
        )}
      </div>
    </AppPage>
  )
}

const filterLook = "link aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:no-underline"

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
