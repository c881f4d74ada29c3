import { rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { wayOutWords } from "~/domain/billing/banners"
import { makeOperatorLink } from "~/domain/sign-in/operator-setup.server"
import { now } from "~/platform/clock.server"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { followClock } from "~/platform/followed-clock.server"
import { seed } from "../../prisma/seed"
import {
  readPorts,
  run,
  say,
  sendWebhooks,
  startApp,
  startMailboxBeside,
  startOpenIdBeside,
  startStripeBeside,
  writableFolder,
} from "./beside"
import { historyBegins, liveThroughHistory, paula } from "./demo-history"

/*
 * The whole of Gatehouse on this machine, with no account anywhere: the app, a mailbox that shows every mail, and a local
 * Stripe, with a small world to look at. Everything is forgotten at the next start.
 */

const folder = resolve(".demo")

/** Whom the provider of single sign-on knows: a member, a stranger, and somebody whose address it has not verified. */
const knownElsewhere = [
  { sub: "alice", name: "Alice Archer", email: "alice@acme.example", email_verified: true },
  { sub: "nadia", name: "Nadia Novak", email: "nadia@somewhere.example", email_verified: true },
  { sub: "bob", name: "Bob Berger (address not verified)", email: "bob@acme.example", email_verified: false },
]

await run(async () => {
  const ports = readPorts()
  const appUrl = `http://localhost:${ports.app}`
  const clockFile = join(folder, "clock")
  writableFolder(folder)
  rmSync(folder, { recursive: true, force: true })
  writableFolder(folder)
  const mailbox = await startMailboxBeside(ports, now)
  const today = Math.floor(Date.now() / 1_000)
  const begins = historyBegins(today)
  const { stripe, settings: stripeSettings } = await startStripeBeside(ports, { begins, clockFile })
  const settings = {
    ...mailbox.settings,
    ...(await startOpenIdBeside(ports, knownElsewhere)),
    ...stripeSettings,
    NODE_ENV: "development",
    APP_URL: appUrl,
    PORT: String(ports.app),
    HOST: "127.0.0.1",
    DATABASE_FILE: join(folder, "gatehouse.sqlite"),
    LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
    // Not even a hash of a password leaves this machine.
    BREACHED_PASSWORDS_URL: "off",
    // A clock that is moved by months signs nobody out.
    SESSION_IDLE: "730d",
    SESSION_ABSOLUTE: "730d",
  }
  setEnv(settings)
  await openDatabase()
  await seed()
  followClock(clockFile)
  await liveThroughHistory(stripe, settings, today)
  const operatorLink = await makeOperatorLink()
  await closeDatabase()
  await sendWebhooks(stripe, ports)
  await startApp(["build/server/index.js"], settings, ports.app)
  say(`
  Gatehouse is up. Nothing here is real: no mail leaves this machine, no money moves.

  App           ${appUrl}
  Mailbox       ${mailbox.mailbox.url}     every mail the app sends
  Local Stripe  http://localhost:${ports.stripe}     checkout, portal, clock and faults

  Sign in as alice@acme.example (owner), amir@acme.example (admin) or bob@acme.example (member): the mail is in the
  mailbox. Or buy a plan as somebody new: ${appUrl}/pricing

  Single sign-on: "Continue with Demo ID", a provider of OpenID Connect on http://127.0.0.1:${ports.openId} that asks who you are.

  Plans         ${paula.email} owns one organisation in each state: on trial, payment failed, read-only, archived
                for non-payment, ended, set to end. The app keeps the local Stripe's time: press "+ 8 days" there, and
                Dune Studio, whose payment failed, can only be read; "+ 1 month", and it is archived.
                "${wayOutWords.fix_payment}" on its billing page, with a card that works, brings it back at once.

  Operator      ${operatorLink}
                works once, within 15 minutes, for olive@gatehouse.example; afterwards sign in with that address

  Ctrl+C stops everything.
`)
})
