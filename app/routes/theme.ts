import { type ActionFunctionArgs, data, redirect } from "@remix-run/node"
import { paths } from "~/lib/paths"
import { parseTheme, themeCookie } from "~/lib/theme"
import { env } from "~/platform/env.server"

/** Remembers the theme. A page with JavaScript stays where it is; without, the person is led back to it. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { appUrl } = env()
  const cookie = themeCookie(parseTheme(form.get("theme")), { secure: appUrl.startsWith("https:") })
  const returnTo = form.get("returnTo")
  const headers = { "Set-Cookie": cookie }
  if (typeof returnTo !== "string") return data(null, { headers })
  return redirect(insideUrl(returnTo, appUrl), { headers })
}

/** An absolute address, so that no spelling of a path can be read as another host. */
function insideUrl(path: string, appUrl: string): string {
  const home = new URL(paths.home(), appUrl)
  if (!URL.canParse(path, appUrl)) return home.href
  const url = new URL(path, appUrl)
  return url.origin === home.origin ? url.href : home.href
}

/** Nobody reads this address; whoever comes by is sent home. */
export function loader() {
  return redirect(paths.home())
}
