import type { FastPaths } from "~/http/fast-paths.server"
import { sessionCheck } from "~/http/session-check.server"
import { apiPaths } from "~/lib/api-paths"

/** What is answered in front of Remix beside the health checks: a line here is all a further one needs. */
export const fastPaths: FastPaths = new Map([[apiPaths.profile(), sessionCheck]])
