import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { SettingsTabs } from "~/components/settings-tabs"
import { SecondFactor, WaysIn } from "~/components/sign-in-rules"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { ChangeSecurity } from "~/domain/organizations/schemas"
import { changeSecurityRules } from "~/domain/organizations/security-rules.server"
import { availableMethods, isAvailable, nameHere } from "~/domain/sign-in/available-methods.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Security of the organisation", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, signedIn } = await requireMembership(request, params.slug, "security.manage")
  const { slug, signInMethods, requireMfa } = membership.organization
  const setUpOwn = signedIn.twoFactors
    ? undefined
    : paths.account.twoFactor(paths.organization.security(slug))
  return { slug, role: membership.role, signInMethods, requireMfa, setUpOwn, offered: availableMethods() }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug, "security.manage")
  const form = await readForm(request, ChangeSecurity)
  if (!form.ok) return refuse(form)
  const { ways, methods, requireMfa } = form.value
  if (ways === "only" && !methods.every(isAvailable))
    return refuse(form, { fields: { methods: refusals.not_offered() } })
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
  not_offered: () => "One of these is not offered on this site any more. Choose again.",
  locks_out: (method: string) =>
    `You signed in by another way yourself (${nameHere(method)}). Allow it, or sign in by one of these first.`,
}

export default function Security() {
  const { slug, role, signInMethods, requireMfa, setUpOwn, offered } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Settings" lead="How members prove who they are before they come in here.">
      <SettingsTabs slug={slug} role={role} />
      <Form problem={useActionData<typeof action>()} className="gap-6">
        <Card title="Ways in" lead="Which ways of signing in count for this organisation.">
          <WaysIn allowed={signInMethods} offered={offered} />
        </Card>
        <Card title="Second factor" lead="Something besides the mailbox, such as an app on the phone.">
          <SecondFactor required={requireMfa} setUpOwn={setUpOwn} />
        </Card>
        <div>
          <Button pendingLabel="Saving…">Save</Button>
        </div>
      </Form>
    </AppPage>
  )
}
