import interLatin from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url"
import type { LinksFunction, LoaderFunctionArgs } from "@remix-run/node"
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
} from "@remix-run/react"
import type { ReactNode } from "react"
import { ErrorPage } from "~/components/error-page"
import { useNonce } from "~/components/nonce"
import { useTheme } from "~/components/theme-switch"
import { themeFromCookies } from "~/lib/theme"
import { env } from "~/platform/env.server"
import stylesheet from "~/styles/app.css?url"

export const links: LinksFunction = () => [
  { rel: "preload", href: interLatin, as: "font", type: "font/woff2", crossOrigin: "anonymous" },
  { rel: "stylesheet", href: stylesheet },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
  { rel: "manifest", href: "/site.webmanifest" },
]

export function loader({ request }: LoaderFunctionArgs) {
  return { theme: themeFromCookies(request.headers.get("Cookie")), appName: env().appName }
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
  return <Outlet />
}

export function ErrorBoundary() {
  const error = useRouteError()
  if (!isRouteErrorResponse(error)) return <ErrorPage status={500} />
  const message = typeof error.data === "string" && error.data !== "" ? error.data : undefined
  return <ErrorPage status={error.status} message={message} />
}
