import { type ActionFunctionArgs, data, redirect } from "@remix-run/node"
import { formDataOf } from "~/http/form-data.server"
import { insideOnly } from "~/http/redirects.server"
import { paths } from "~/lib/paths"
import { parseTheme, themeCookie } from "~/lib/theme"
import { env } from "~/platform/env.server"

/** Remembers the theme. A page with JavaScript stays where it is; without, the person is led back to it. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await formDataOf(request)
  const cookie = themeCookie(parseTheme(form.get("theme")), {
    secure: env().appUrl.startsWith("https:"),
  })
  const returnTo = form.get("returnTo")
  const headers = { "Set-Cookie": cookie }
  if (typeof returnTo !== "string") return data(null, { headers })
  return redirect(insideOnly(returnTo) ?? paths.home(), { headers })
}

/** Nobody reads this address; whoever comes by is sent home. */
export function loader() {
  return redirect(paths.home())
}
