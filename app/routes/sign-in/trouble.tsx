import { data, type HeadersFunction, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { isOffered, nameOfProvider } from "~/domain/accounts/providers.server"
import { isSsoTrouble, type SsoTrouble, troubleWords } from "~/domain/sign-in/sso/trouble"
import { optionalSession } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ matches, data }) =>
  pageTitle(data?.title ?? "Sign in", matches)

/** When to come back, where that is the answer. */
export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders

const statuses: Record<SsoTrouble, number> = {
  declined: 200,
  over: 410,
  refused: 403,
  unreachable: 503,
  set_up: 503,
  tenant: 403,
  no_account: 403,
  other_person: 409,
  disabled: 403,
  taken: 409,
  too_many: 429,
}

/** Why a way through a provider led nowhere. The address names one of our own reasons, and no word of anybody else's. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const why = searchParams.get("why")
  const redirectTo = insideOnly(searchParams.get("redirectTo"))
  if (!isSsoTrouble(why)) throw redirect(paths.signIn.start(redirectTo))
  const provider = searchParams.get("provider")
  const name = isOffered(provider) ? nameOfProvider(provider) : "the provider"
  const headers = why === "too_many" ? { "Retry-After": String(15 * 60) } : undefined
  const wayOn = wayFrom(why, redirectTo, optionalSession(request) !== undefined)
  return data({ ...troubleWords(why, name), wayOn }, { status: statuses[why], headers })
}

function wayFrom(why: SsoTrouble, redirectTo: string | undefined, signedIn: boolean) {
  if (why === "no_account") return { to: paths.pricing(), label: "See the plans" }
  if (signedIn) return { to: paths.account.connections(), label: "Your connected accounts" }
  return { to: paths.signIn.start(redirectTo), label: "Back to sign-in" }
}

export default function Trouble() {
  const { title, words, wayOn } = useLoaderData<typeof loader>()
  return (
    <PublicPage title={title} lead={words}>
      <div className="flex justify-center">
        <ButtonLink to={wayOn.to}>{wayOn.label}</ButtonLink>
      </div>
    </PublicPage>
  )
}
