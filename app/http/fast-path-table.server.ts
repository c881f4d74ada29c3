import type { FastPaths } from "~/http/fast-paths.server"
import { sessionCheck } from "~/http/session-check.server"
import { paths } from "~/lib/paths"

/** What is answered in front of Remix beside the health checks: a line here is all a further one needs. */
export const fastPaths: FastPaths = new Map([[paths.api.profile(), sessionCheck]])
