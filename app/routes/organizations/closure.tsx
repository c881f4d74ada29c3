import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { ClosureForm } from "~/components/closure-form"
import { ClosureDone, ClosureOver, ClosureWaits } from "~/components/closure-state"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { closingRefusals, requestClosing } from "~/domain/billing/close-organization.server"
import { closureViewOf } from "~/domain/billing/closure-view.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { ClosureForm as Closure } from "~/domain/billing/schemas"
import { tidyName } from "~/domain/organizations/schemas"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { reopeningToast } from "~/http/reopening-toast.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { formatDuration } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Close the organisation", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.close")
  const { slug, name } = membership.organization
  return { slug, name, ...(await closureViewOf(membership)) }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership, signedIn } = await requireMembership(request, params.slug, "organization.close")
  const form = await readForm(request, Closure)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const { slug, name } = membership.organization
  if (form.value.intent === "reopen") {
    const reopened = await reopenOrganization(membership, requester)
    const page = reopened.ok ? paths.organization.overview(slug) : paths.organization.closure(slug)
    return redirectWithToast(page, reopeningToast(name, reopened))
  }
  if (tidyName(form.value.name) !== name) {
    return refuse(form, { fields: { name: `This is not the name. Type ${name}, as it is written here.` } })
  }
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const asked = await requestClosing(membership, requester)
  if (!asked.ok && asked.error === "too_many")
    return refuse(form, { fields: { name: closingRefusals.too_many } }, { status: 429 })
  const words = asked.ok ? `${name} is being closed.` : closingRefusals[asked.error]
  return redirectWithToast(paths.organization.closure(slug), { kind: asked.ok ? "good" : "bad", words })
}

export default function ClosurePage() {
  const { slug, name, closing, plan, credit, reopened, grace } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  switch (closing.state) {
    case "open":
      return (
        <AppPage title={`Close ${name}`} lead="Nothing happens before you press the button below.">
          <ClosureForm {...{ slug, name, plan, credit, problem }} grace={formatDuration(grace)} />
        </AppPage>
      )
    case "waiting":
      return (
        <AppPage
          title={`Closing ${name}`}
          lead="The plan is ended first. Until then everything works as before."
        >
          <ClosureWaits name={name} plan={reopened} {...closing} />
        </AppPage>
      )
    case "closed":
      return (
        <AppPage title={`Restore ${name}`} lead="It is closed. Until it is erased, one click brings it back.">
          <ClosureDone slug={slug} name={name} plan={reopened} {...closing} />
        </AppPage>
      )
    case "erasing":
      return (
        <AppPage title={`Erasing ${name}`}>
          <ClosureOver name={name} trouble={closing.trouble} />
        </AppPage>
      )
  }
}
