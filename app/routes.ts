import type { RouteConfig } from "@remix-run/route-config"
import { index, route } from "@remix-run/route-config"

/** The sitemap: every URL beside its file. */
export default [index("routes/home.tsx"), route("theme", "routes/theme.ts")] satisfies RouteConfig
