import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { SettingsTabs } from "~/components/settings-tabs"
import { SecondFactor, WaysIn } from "~/components/sign-in-rules"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { nameOfMethod } from "~/domain/accounts/sign-in-methods"
import { ChangeSecurity } from "~/domain/organizations/schemas"
import { changeSecurityRules } from "~/domain/organizations/security-rules.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Security of the organisation", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "security.manage")
  const { slug, signInMethods, requireMfa } = membership.organization
  return { slug, role: membership.role, signInMethods, requireMfa }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug, "security.manage")
  const form = await readForm(request, ChangeSecurity)
  if (!form.ok) return refuse(form)
  const { ways, methods, requireMfa } = form.value
  const rules = { allowed: ways === "any" ? ways : methods, requireMfa }
  const saver = { requester: requesterOf(request, context), method: signedIn.method }
  const saved = await changeSecurityRules(membership, rules, saver)
  if (!saved.ok) {
    if (saved.error === "changed") throw failure("conflict")
    return refuse(form, { fields: { methods: refusals[saved.error](signedIn.method) } })
  }
  const words = saved.value.changed
    ? "Saved. It counts from everyone’s next request."
    : "Nothing has changed."
  return redirectWithToast(paths.organization.security(membership.organization.slug), { kind: "good", words })
}

const refusals = {
  none: () => "Allow at least one way in.",
  locks_out: (method: string) =>
    `You signed in by another way yourself (${nameOfMethod(method)}). Allow it, or sign in by one of these first.`,
}

export default function Security() {
  const { slug, role, signInMethods, requireMfa } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Settings" lead="How members prove who they are before they come in here.">
      <SettingsTabs slug={slug} role={role} />
      <Form problem={useActionData<typeof action>()} className="gap-6">
        <Card title="Ways in" lead="Which ways of signing in count for this organisation.">
          <WaysIn allowed={signInMethods} />
        </Card>
        <Card title="Second factor" lead="Something besides the mailbox, such as an app on the phone.">
          <SecondFactor required={requireMfa} />
        </Card>
        <div>
          <Button pendingLabel="Saving…">Save</Button>
        </div>
      </Form>
    </AppPage>
  )
}
