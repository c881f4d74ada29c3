import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { SecurityOverview } from "~/components/security-overview"
import { Card } from "~/components/ui/card"
import { securityOverview } from "~/domain/accounts/security-overview.server"
import { whereKeysWork } from "~/domain/organizations/api-key-authority.server"
import { requireSession } from "~/http/guards.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Security", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, email } = requireSession(request)
  return { email, ...(await securityOverview(userId)), apiKeys: await whereKeysWork(userId) }
}

export default function Security() {
  return (
    <AppPage title="Security" lead="What opens your account, and what guards it.">
      <Card flush>
        <SecurityOverview {...useLoaderData<typeof loader>()} />
      </Card>
    </AppPage>
  )
}
