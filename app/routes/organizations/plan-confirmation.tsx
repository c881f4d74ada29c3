import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import {
  type MetaFunction,
  type ShouldRevalidateFunction,
  useActionData,
  useLoaderData,
} from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PlanPreview } from "~/components/plan-preview"
import { PlanRefused } from "~/components/plan-refused"
import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { changePlan } from "~/domain/billing/change-plan.server"
import type { ChangeRefusal } from "~/domain/billing/plan-change"
import { previewPlan } from "~/domain/billing/plan-preview.server"
import { plans } from "~/domain/billing/plans"
import { ChangePlan, PlanWish } from "~/domain/billing/schemas"
import { readForm } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { planRefusals } from "~/http/plan-refusal.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Confirm the change", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const { slug } = membership.organization
  const wish = PlanWish.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  const again = paths.organization.plan(slug)
  if (!wish.success) throw await redirectWithToast(again, { kind: "bad", words: "Choose a plan first." })
  const preview = await previewPlan(membership, wish.data)
  if (preview.ok)
    return { slug, here: paths.organization.planConfirmation(slug, wish.data), preview: preview.value }
  const words = planRefusals[preview.error]
  if (preview.error !== "unavailable") throw await redirectWithToast(again, { kind: "bad", words })
  return data({ slug, here: paths.organization.planConfirmation(slug, wish.data) }, { status: 503 })
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const form = await readForm(request, ChangePlan)
  if (!form.ok) return problem("stale")
  const changed = await changePlan(membership, form.value.offer, requesterOf(request, context))
  if (!changed.ok) return problem(changed.error)
  const { plan, interval } = changed.value
  const words = `The plan is ${plans[plan].name} now, paid ${interval === "month" ? "monthly" : "yearly"}.`
  throw await redirectWithToast(paths.organization.billing(membership.organization.slug), {
    kind: "good",
    words,
  })
}

/**
 * A refusal spends the offer: the page needs another, or how it stands. An offer whose fate nobody knows is kept, so that pressing
 * again is the same change.
 */
export const shouldRevalidate: ShouldRevalidateFunction = ({ actionStatus, defaultShouldRevalidate }) =>
  defaultShouldRevalidate || (actionStatus !== undefined && actionStatus < 500)

const statuses: Partial<Record<ChangeRefusal, number>> = {
  declined: 402,
  to_confirm: 402,
  unavailable: 503,
  unsure: 503,
}

function problem(refusal: ChangeRefusal) {
  return data({ refusal, words: planRefusals[refusal] }, { status: statuses[refusal] ?? 409 })
}

export default function PlanConfirmation() {
  const { slug, here, ...page } = useLoaderData<typeof loader>()
  const refused = useActionData<typeof action>()
  const preview = "preview" in page ? page.preview : undefined
  return (
    <AppPage title="Change the plan" lead={preview && "Nothing happens before you press the button below."}>
      {refused && <PlanRefused slug={slug} {...refused} />}
      {preview ? <PlanPreview slug={slug} preview={preview} /> : <NoAnswer here={here} />}
    </AppPage>
  )
}

function NoAnswer({ here }: { here: string }) {
  return (
    <Banner
      tone="warn"
      title="The price cannot be worked out at the moment"
      action={
        <ButtonLink kind="secondary" size="small" to={here}>
          Try again
        </ButtonLink>
      }
    >
      The payment provider does not answer. Nothing was changed.
    </Banner>
  )
}
