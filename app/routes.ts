import type { RouteConfig } from "@remix-run/route-config"
import { index, layout, route } from "@remix-run/route-config"

/** The sitemap: every URL beside its file. */
export default [
  index("routes/home.tsx"),
  route("theme", "routes/theme.ts"),

  route("login", "routes/sign-in/login.tsx"),
  route("login/sent", "routes/sign-in/sent.tsx"),
  route("login/link", "routes/sign-in/link.tsx"),
  route("login/renewal", "routes/sign-in/renewal.tsx"),
  route("logout", "routes/sign-in/logout.ts"),
  route("setup", "routes/sign-in/setup.tsx"),

  layout("routes/account/layout.tsx", [
    route("account/profile", "routes/account/profile.tsx"),
    route("account/devices", "routes/account/devices.tsx"),
  ]),

  layout("routes/admin/layout.tsx", [route("admin", "routes/admin/overview.tsx")]),

  route("api/auth/profile", "routes/api/profile.ts"),
] satisfies RouteConfig
