import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { EndPlan, KeepPlan, NothingToEnd, StoppedPlan } from "~/components/plan-ending"
import { Card } from "~/components/ui/card"
import { creditHeldFor } from "~/domain/billing/credit.server"
import { endingOf, endPlan, keepPlan } from "~/domain/billing/ending.server"
import { ChangeEnding } from "~/domain/billing/schemas"
import { endingRefusals } from "~/http/ending-refusal.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("End the plan", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const { slug, name } = membership.organization
  const ending = await endingOf(membership)
  const credit = ending.state === "goes_on" ? await creditHeldFor(membership.organizationId) : null
  return { slug, name, ending, credit }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const form = await readForm(request, ChangeEnding)
  if (!form.ok) return refuse(form)
  const act = form.value.intent === "end" ? endPlan : keepPlan
  const done = await act(membership, requesterOf(request, context))
  const billing = paths.organization.billing(membership.organization.slug)
  if (!done.ok) return redirectWithToast(billing, { kind: "bad", words: endingRefusals[done.error] })
  // No day here: the page this leads to says it, and in the reader's zone.
  const words = done.value.endsAt ? "Noted. You can take it back until that day." : "The plan goes on."
  return redirectWithToast(billing, { kind: "good", words })
}

export default function Cancellation() {
  const { slug, name, ending, credit } = useLoaderData<typeof loader>()
  switch (ending.state) {
    case "nothing":
      return (
        <AppPage title="End the plan">
          <Card>
            <NothingToEnd slug={slug} />
          </Card>
        </AppPage>
      )
    case "stopped":
      return (
        <AppPage title="End the plan">
          <Card>
            <StoppedPlan slug={slug} paused={ending.paused} />
          </Card>
        </AppPage>
      )
    case "goes_on":
      return (
        <AppPage title="End the plan" lead="Nothing happens before you press the button below.">
          <EndPlan slug={slug} name={name} ending={ending} credit={credit} />
        </AppPage>
      )
    case "ends":
      return (
        <AppPage title="Keep the plan" lead="It is set to end. Until then you can take that back.">
          <KeepPlan slug={slug} ending={ending} />
        </AppPage>
      )
  }
}
