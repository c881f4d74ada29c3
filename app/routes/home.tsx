import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { useAppName } from "~/components/app-name"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { optionalSession } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Welcome", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  return { signedIn: optionalSession(request) !== undefined }
}

export default function Home() {
  const { signedIn } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      title={`Welcome to ${useAppName()}`}
      lead="Come in with a link from your mail. Work together in an organisation of your own."
    >
      <div className="flex flex-col gap-3">
        <ButtonLink to={signedIn ? paths.start() : paths.signIn.start()} size="large" wide>
          {signedIn ? "Go to your organisation" : "Sign in"}
        </ButtonLink>
        <ButtonLink to={paths.pricing()} kind="secondary" size="large" wide>
          See the plans
        </ButtonLink>
      </div>
    </PublicPage>
  )
}
