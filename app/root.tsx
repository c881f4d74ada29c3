import interLatin from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url"
import {
  data,
  type HeadersFunction,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node"
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLoaderData,
  useRouteError,
} from "@remix-run/react"
import type { ReactNode } from "react"
import { errorWords } from "~/components/error-page"
import { FailurePage } from "~/components/failure-page"
import { useNonce } from "~/components/nonce"
import { useTheme } from "~/components/theme-switch"
import { Toast } from "~/components/ui/toast"
import { joinableBy } from "~/domain/organizations/join-by-domain.server"
import { optionalSession } from "~/http/guards.server"
import { organizationsOf } from "~/http/organizations.server"
import { readToast } from "~/http/toast.server"
import { themeFromCookies } from "~/lib/theme"
import { env } from "~/platform/env.server"
import { aheadNow } from "~/platform/followed-clock.server"
import stylesheet from "~/styles/app.css?url"

export const links: LinksFunction = () => [
  { rel: "preload", href: interLatin, as: "font", type: "font/woff2", crossOrigin: "anonymous" },
  { rel: "stylesheet", href: stylesheet },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
  { rel: "manifest", href: "/site.webmanifest" },
]

/** The title of a page that has none of its own: of an address that leads nowhere, or of a failure. */
export const meta: MetaFunction<typeof loader> = ({ data, error }) => {
  const name = data?.appName ?? "Gatehouse"
  if (error === undefined) return [{ title: name }]
  const { title } = errorWords(isRouteErrorResponse(error) ? error.status : 500)
  return [{ title: `${title} · ${name}` }]
}

export async function loader({ request }: LoaderFunctionArgs) {
  const { toast, setCookie } = await readToast(request)
  const theme = themeFromCookies(request.headers.get("Cookie"))
  const signedIn = optionalSession(request)
  return data(
    {
      theme,
      appName: env().appName,
      supportEmail: env().supportEmail,
      clockAhead: env().clockFile ? aheadNow() : 0,
      toast,
      signedIn: signedIn !== undefined,
      organizations: signedIn ? await organizationsOf(signedIn.userId) : [],
      mayJoin: signedIn ? (await joinableBy(signedIn)).length > 0 : false,
    },
    { headers: setCookie ? { "Set-Cookie": setCookie } : undefined },
  )
}

/** A page that ends in a failure still says when to come back. */
export const headers: HeadersFunction = ({ errorHeaders }) => {
  const wait = errorHeaders?.get("Retry-After")
  return wait ? { "Retry-After": wait } : new Headers()
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const theme = useTheme()
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <Meta />
        <Links />
      </head>
      <body>
        <a href="#main" className="skip-link">
          Skip to the content
        </a>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function App() {
  const { toast } = useLoaderData<typeof loader>()
  return (
    <>
      <Outlet />
      <Toast toast={toast} />
    </>
  )
}

export function ErrorBoundary() {
  return <FailurePage error={useRouteError()} />
}
