import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import {
  readPorts,
  run,
  say,
  startApp,
  startMailboxBeside,
  startStripeBeside,
  writableFolder,
} from "./beside"

/*
 * The app with hot reload. Settings come from .env; for mail and billing that are not set there, the local mailbox and the
 * local Stripe stand in. Database and Stripe account are kept in .dev.
 */

const folder = resolve(".dev")

await run(async () => {
  if (existsSync(".env")) process.loadEnvFile(".env")
  const ports = readPorts()
  writableFolder(folder)
  const mail = process.env.SMTP_HOST ? undefined : await startMailboxBeside(ports)
  const billing = process.env.STRIPE_SECRET_KEY
    ? undefined
    : await startStripeBeside(ports, { stateFile: join(folder, "stripe.json") })
  const own = {
    ...mail?.settings,
    ...billing?.settings,
    APP_URL: process.env.APP_URL || `http://localhost:${ports.app}`,
    PORT: String(ports.app),
    DATABASE_FILE: process.env.DATABASE_FILE || join(folder, "gatehouse.sqlite"),
  }
  say(`
  App           ${own.APP_URL}
  Mailbox       ${mail?.mailbox.url ?? `none: mail goes to ${process.env.SMTP_HOST}`}
  Local Stripe  ${billing ? `http://localhost:${ports.stripe}` : "none: Stripe itself is set up"}

`)
  await startApp(["--import", "tsx", "server.ts"], own, ports.app)
})
