import { rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { makeOperatorLink } from "~/domain/sign-in/operator-setup.server"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { seed } from "../../prisma/seed"
import {
  readPorts,
  run,
  say,
  startApp,
  startMailboxBeside,
  startStripeBeside,
  writableFolder,
} from "./beside"
import { orderSeededPlan } from "./seeded-plans"

/*
 * The whole of Gatehouse on this machine, with no account anywhere: the app, a mailbox that shows every mail, and a local
 * Stripe, with a small world to look at. Everything is forgotten at the next start.
 */

const folder = resolve(".demo")

await run(async () => {
  const ports = readPorts()
  const appUrl = `http://localhost:${ports.app}`
  writableFolder(folder)
  rmSync(folder, { recursive: true, force: true })
  writableFolder(folder)
  const mailbox = await startMailboxBeside(ports)
  const { stripe, settings: stripeSettings } = await startStripeBeside(ports)
  const settings = {
    ...mailbox.settings,
    ...stripeSettings,
    NODE_ENV: "development",
    APP_URL: appUrl,
    PORT: String(ports.app),
    HOST: "127.0.0.1",
    DATABASE_FILE: join(folder, "gatehouse.sqlite"),
    LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
  }
  setEnv(settings)
  await openDatabase()
  await seed()
  const session = await orderSeededPlan()
  const operatorLink = await makeOperatorLink()
  await closeDatabase()
  await startApp(["build/server/index.js"], settings, ports.app)
  await stripe.completeCheckout({ session, wait: true })
  say(`
  Gatehouse is up. Nothing here is real: no mail leaves this machine, no money moves.

  App           ${appUrl}
  Mailbox       ${mailbox.mailbox.url}     every mail the app sends
  Local Stripe  http://localhost:${ports.stripe}     checkout, portal, clock and faults

  Sign in as alice@acme.example (owner), amir@acme.example (admin) or bob@acme.example (member): the mail is in the
  mailbox. Or buy a plan as somebody new: ${appUrl}/pricing

  Operator      ${operatorLink}
                works once, within 15 minutes, for olive@gatehouse.example; afterwards sign in with that address

  Ctrl+C stops everything.
`)
})
