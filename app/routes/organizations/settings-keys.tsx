import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { ApiKeysTable } from "~/components/api-keys-table"
import { NewApiKeyForm, ToldApiKey } from "~/components/new-api-key"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { SettingsTabs } from "~/components/settings-tabs"
import { Card } from "~/components/ui/card"
import { createKey } from "~/domain/onboarding/create-key.server"
import { listApiKeys } from "~/domain/organizations/api-key-list.server"
import { NewApiKey } from "~/domain/organizations/api-key-schemas"
import { apiKeyRefusals } from "~/domain/organizations/api-keys.server"
import { scopesOf } from "~/domain/organizations/api-scopes"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { placeOf } from "~/http/paging.server"
import { requesterOf } from "~/http/requester.server"
import { apiPaths } from "~/lib/api-paths"
import { fromNow } from "~/platform/clock.server"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("API keys", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership, may } = await requireMembership(request, params.slug, "keys.revoke")
  const { role, organization } = membership
  const { slug, name } = organization
  return {
    slug,
    name,
    role,
    // While the plan is unpaid nobody makes a key; one that leaked can be revoked all the same.
    offered: may("keys.manage") ? scopesOf(role) : undefined,
    keys: await listApiKeys(membership, placeOf(request)),
    url: env().appUrl + apiPaths.profile(),
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug, "keys.manage")
  const form = await readForm(request, NewApiKey)
  if (!form.ok) return refuse(form)
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const { name, scopes, lifetime } = form.value
  const expiresAt = lifetime === "none" ? null : fromNow(Number(lifetime) * day)
  const made = await createKey(membership, { name, scopes, expiresAt }, requesterOf(request, context))
  if (made.ok) return data({ made: { name, apiKey: made.value.key, settingUp: made.value.settingUp } })
  const words = apiKeyRefusals[made.error]
  const ofScopes = made.error === "no_scope" || made.error === "scope_not_yours"
  return ofScopes
    ? refuse(form, { fields: { scopes: words } })
    : refuse(form, { message: words }, { status: 409 })
}

const day = 24 * 60 * 60 * 1_000

export default function ApiKeys() {
  const { slug, name, role, offered, keys, url } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const made = answer && "made" in answer ? answer.made : undefined
  const problem = answer && !("made" in answer) ? answer : undefined
  return (
    <AppPage title={offered ? "Settings" : "API keys"} lead={`By which programs of ${name} call the API.`}>
      {offered && <SettingsTabs slug={slug} role={role} />}
      {made && <ToldApiKey {...made} slug={slug} url={url} />}
      <Card title="API keys" flush>
        <ApiKeysTable slug={slug} keys={keys.rows} url={url} />
      </Card>
      <Pager previous={keys.previous} next={keys.next} label="Pages of the keys" words={["Newer", "Older"]} />
      {offered && !made && <NewApiKeyForm offered={offered} problem={problem} />}
    </AppPage>
  )
}
