import type { RouteConfig } from "@remix-run/route-config"
import { index } from "@remix-run/route-config"

/** The sitemap: every URL beside its file. */
export default [index("routes/home.tsx")] satisfies RouteConfig
