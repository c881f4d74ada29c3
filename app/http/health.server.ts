import type { FastHandler } from "~/http/fast-paths.server"
import type { Lifecycle } from "~/http/graceful-stop.server"
import { databaseAnswers } from "~/platform/readiness.server"

/** `/healthz`: this process answers. Asks nothing of anything else, so that a slow disk does not get it killed. */
export const healthz: FastHandler = () => ({ status: 200, json: '{"status":"ok"}' })

/** `/readyz`: the database answers and no stop is under way. */
export function readyz(lifecycle: Lifecycle): FastHandler {
  return () => {
    if (lifecycle.stopping) return { status: 503, json: '{"status":"stopping"}' }
    return databaseAnswers()
      ? { status: 200, json: '{"status":"ready"}' }
      : { status: 503, json: '{"status":"no database"}' }
  }
}
