import type { LoaderFunctionArgs } from "@remix-run/node"
import type { MetaFunction } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { requireSession } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Your data", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireSession(request)
  return null
}

export default function YourData() {
  return (
    <AppPage title="Your data" lead="Everything kept about you is yours to have, and to have removed.">
      <Card
        title="Download your data"
        lead="Your account, devices, history, organisations and mails, in one JSON file. It holds no secrets, and nothing of others."
        action={
          <ButtonLink kind="secondary" reloadDocument to={paths.account.export()}>
            Download
          </ButtonLink>
        }
        className="pb-5"
      />
      <Card
        title="Delete your account"
        lead="You leave your organisations, and everything kept about you is removed for good."
        action={
          <ButtonLink kind="danger" to={paths.account.deletion()}>
            Delete
          </ButtonLink>
        }
        className="pb-5"
      />
    </AppPage>
  )
}
