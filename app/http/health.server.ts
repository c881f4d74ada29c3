import type { FastHandler } from "~/http/fast-paths.server"
import type { Lifecycle } from "~/http/graceful-stop.server"
import { statement } from "~/platform/db.server"

const ping = statement<[], { one: number }>("SELECT 1 AS one FROM User LIMIT 1")

/** `/healthz`: this process answers. Asks nothing of anything else, so that a slow disk does not get it killed. */
export const healthz: FastHandler = () => ({ status: 200, json: '{"status":"ok"}' })

/** `/readyz`: the database answers and no stop is under way. */
export function readyz(lifecycle: Lifecycle): FastHandler {
  return () => {
    if (lifecycle.stopping) return { status: 503, json: '{"status":"stopping"}' }
    try {
      ping.all()
      return { status: 200, json: '{"status":"ready"}' }
    } catch {
      return { status: 503, json: '{"status":"no database"}' }
    }
  }
}
