import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { SecurityHistory } from "~/components/security-history"
import { Card } from "~/components/ui/card"
import { readSecurityHistory } from "~/domain/accounts/security-history.server"
import { requireSession } from "~/http/guards.server"
import { placeOf } from "~/http/paging.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("History", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId } = requireSession(request)
  return readSecurityHistory(userId, placeOf(request))
}

export default function History() {
  const { rows, previous, next } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title="History"
      lead="Sign-ins, and every change of what guards your account. Is there something you do not know? End all other devices, and change what was touched."
    >
      <Card flush>
        <SecurityHistory lines={rows} />
      </Card>
      <Pager previous={previous} next={next} label="Pages of the history" words={["Newer", "Older"]} />
    </AppPage>
  )
}
