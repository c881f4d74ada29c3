import { existsSync } from "node:fs"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"

if (existsSync(".env")) process.loadEnvFile(".env")

const compiled = import.meta.url.endsWith("/build/server/index.js")

try {
  await (compiled ? startCompiled() : startWithVite())
} catch (error) {
  explain(error)
  process.exit(1)
}

async function startCompiled() {
  const { start } = await import("~/start.server")
  await start({
    build: () => import("virtual:remix/server-build"),
    clientDirectory: fileURLToPath(new URL("../client", import.meta.url)),
  })
}

/** Vite loads the app in development, front and database included, so that each module exists once. */
async function startWithVite() {
  const { createServer: createVite } = await import("vite")
  const server = createServer()
  const vite = await createVite({ server: { middlewareMode: true, hmr: { server } } })
  const { start } = await vite.ssrLoadModule("/app/start.server.ts")
  await start({
    build: () => vite.ssrLoadModule("virtual:remix/server-build"),
    vite: vite.middlewares,
    server,
  })
}

/** What an operator can mend is said in plain lines; anything else shows its stack. */
function explain(error: unknown) {
  const mendable = ["SettingsError", "ListenError", "MigrationError"]
  const words =
    error instanceof Error && mendable.includes(error.name)
      ? error.message
      : error instanceof Error
        ? error.stack
        : error
  process.stderr.write(`${words}\n`)
}
