import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { ScopeList } from "~/components/api-keys-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import { readApiKey } from "~/domain/organizations/api-key-list.server"
import { revokeApiKey } from "~/domain/organizations/api-keys.server"
import { failure } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data ? `Revoke ${data.apiKey.name}` : "API key", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "keys.revoke")
  const apiKey = await readApiKey(membership, params.keyId)
  if (!apiKey) throw failure("not_found")
  return { slug: membership.organization.slug, apiKey }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "keys.revoke")
  const revoked = await revokeApiKey(membership, params.keyId ?? "", requesterOf(request, context))
  if (!revoked.ok) throw failure(revoked.error === "changed" ? "conflict" : "not_found")
  const words = `The key “${revoked.value.name}” is revoked. Its next call is refused.`
  return redirectWithToast(paths.organization.apiKeys(membership.organization.slug), { kind: "good", words })
}

export default function RevokeApiKey() {
  const { slug, apiKey } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title={`Revoke “${apiKey.name}”?`}
      lead="Programs that call with this key are refused from then on."
    >
      <Card>
        <Facts items={factsOf(apiKey)} />
      </Card>
      <Form>
        <p className="text-sm">This cannot be taken back. A program that still needs a key gets a new one.</p>
        <div className="flex flex-wrap gap-3">
          <Button kind="danger" pendingLabel="Revoking…">
            Revoke this key
          </Button>
          <ButtonLink kind="secondary" to={paths.organization.apiKeys(slug)}>
            Keep it
          </ButtonLink>
        </div>
      </Form>
    </AppPage>
  )
}

const stateWords = { expired: "Has run out", stopped: "Stopped: the account of who made it is disabled" }

type Shown = ReturnType<typeof useLoaderData<typeof loader>>["apiKey"]

function factsOf({ hint, state, scopes, createdBy, createdAt, expiresAt, lastUsedAt }: Shown) {
  return [
    { label: "Begins with", value: <code>{hint}…</code> },
    ...(state === "live" ? [] : [{ label: "State", value: stateWords[state] }]),
    { label: "May", value: <ScopeList scopes={scopes} /> },
    {
      label: "Made",
      value: (
        <>
          <Time at={createdAt} show="date" /> by {createdBy.name || createdBy.email}
        </>
      ),
    },
    { label: "Ends", value: expiresAt ? <Time at={expiresAt} show="date" /> : "Never" },
    { label: "Last used", value: lastUsedAt ? <Time at={lastUsedAt} show="relative" /> : "Never" },
  ]
}
