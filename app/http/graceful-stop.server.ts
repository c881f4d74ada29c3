import type { Server } from "node:http"
import { Server as NetServer } from "node:net"

/** Shared by the front and whoever stops the server: while stopping, each answer ends its connection. */
export type Lifecycle = { stopping: boolean }

/** How long connections that are silent stay open: a client may have sent a request that is still on the wire. */
const idleMs = 1_500
const lookAgainMs = 200

/**
 * Stops a server without losing a request [R8]: no new connection is accepted, every request that arrives on an open
 * one is answered with `Connection: close`, silent connections end after a moment. `http.Server.close()` would cut
 * those at once and with them requests under way to us. What is still open after `deadlineMs` is cut.
 */
export async function stopServer(server: Server, lifecycle: Lifecycle, deadlineMs: number): Promise<void> {
  lifecycle.stopping = true
  const closed = new Promise<void>(resolve => {
    NetServer.prototype.close.call(server, () => resolve())
  })
  const began = performance.now()
  const sweep = setInterval(() => {
    if (performance.now() - began > idleMs) server.closeIdleConnections()
  }, lookAgainMs)
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
