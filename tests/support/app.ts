import type { Server } from "node:http"
import type { ServerBuild } from "@remix-run/node"
import type { RouteConfigEntry } from "@remix-run/route-config"
import * as entry from "~/entry.server"
import { fastPaths } from "~/http/fast-path-table.server"
import { createHandler, type FrontParts } from "~/http/front.server"
import { type Lifecycle, stopServer } from "~/http/graceful-stop.server"
import { createHttpServer, listen } from "~/http/http-server.server"
import { remixHandler } from "~/http/remix-handler.server"
import { env } from "~/platform/env.server"
import routeConfig from "~/routes"

export type RunningApp = {
  url: string
  server: Server
  lifecycle: Lifecycle
  close: () => Promise<void>
}

/**
 * The whole app on a free port of this machine, in this process: the real front, the real Remix handler and the route
 * modules the test itself imports, so that clock, settings and database are the test's own. `parts` replaces parts of
 * the front.
 */
export async function startApp(parts: Partial<FrontParts> = {}): Promise<RunningApp> {
  const settings = parts.settings ?? env()
  const lifecycle: Lifecycle = { stopping: false }
  const build = await serverBuild()
  const handler = createHandler({
    settings,
    lifecycle,
    fastPaths,
    remix: remixHandler(build, "test", settings.appUrl),
    ...parts,
  })
  const server = createHttpServer().on("request", handler)
  const port = await listen(server, "127.0.0.1", 0)
  return {
    url: `http://localhost:${port}`,
    server,
    lifecycle,
    close: async () => {
      server.closeAllConnections()
      await stopServer(server, lifecycle, 0)
    },
  }
}

type RouteModule = ServerBuild["routes"][string]["module"]

const modules = import.meta.glob<RouteModule>(["../../app/root.tsx", "../../app/routes/**/*.{ts,tsx}"])

/** What the Remix plugin makes of app/routes.ts, made here from the same modules. The browser's part is left empty. */
async function serverBuild(): Promise<ServerBuild> {
  const routes: ServerBuild["routes"] = {}
  const add = async (item: RouteConfigEntry, parentId?: string) => {
    const load = modules[`../../app/${item.file}`]
    if (!load) throw new Error(`app/routes.ts names app/${item.file}, which does not exist.`)
    const id = item.id ?? item.file.replace(/\.[a-z]+$/, "")
    const { path, index, caseSensitive } = item
    routes[id] = {
      id,
      parentId,
      path: path ?? (parentId ? undefined : ""),
      index,
      caseSensitive,
      module: await load(),
    }
    await Promise.all((item.children ?? []).map(child => add(child, id)))
  }
  await add({ id: "root", file: "root.tsx" })
  await Promise.all((await routeConfig).map(item => add(item, "root")))
  return {
    mode: "test",
    entry: { module: entry },
    routes,
    assets: { version: "test", url: "", entry: { module: "", imports: [] }, routes: browserRoutes(routes) },
    publicPath: "/",
    assetsBuildDirectory: "build/client",
    isSpaMode: false,
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_lazyRouteDiscovery: true,
      v3_singleFetch: true,
    },
  }
}

function browserRoutes(routes: ServerBuild["routes"]): ServerBuild["assets"]["routes"] {
  return Object.fromEntries(
    Object.entries(routes).map(([id, { module, ...route }]) => [
      id,
      {
        ...route,
        hasLoader: "loader" in module,
        hasAction: "action" in module,
        hasClientLoader: "clientLoader" in module,
        hasClientAction: "clientAction" in module,
        hasErrorBoundary: "ErrorBoundary" in module,
        module: "",
        imports: [],
      },
    ]),
  )
}
