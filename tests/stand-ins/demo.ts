import { type ChildProcess, spawn } from "node:child_process"
import { accessSync, constants, mkdirSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { makeOperatorLink } from "~/domain/sign-in/operator-setup.server"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { seed } from "../../prisma/seed"
import { startMailbox } from "./mailbox/mailbox"
import { orderSeededPlan } from "./seeded-plans"
import { startLocalStripe } from "./stripe/local-stripe"

/*
 * The whole of Gatehouse on this machine, with no account anywhere: the app, a mailbox that shows every mail, and a local
 * Stripe, with a small world to look at. Everything is forgotten at the next start.
 */

const folder = resolve(".demo")
const webhookSecret = "whsec_demo000000000000000000000000"
const ends: (() => unknown)[] = []

/** A failure a person can mend, said in one line. */
class DemoError extends Error {}

try {
  await demo()
} catch (error) {
  await stop()
  process.stderr.write(
    `${error instanceof DemoError ? error.message : error instanceof Error ? error.stack : error}\n`,
  )
  process.exit(1)
}

async function demo() {
  const port = portOf("PORT", 3000)
  const mailboxPort = portOf("MAILBOX_PORT", port + 1)
  const stripePort = portOf("STRIPE_PORT", port + 2)
  freshFolder()
  const appUrl = `http://localhost:${port}`
  const mailbox = await listening("MAILBOX_PORT", mailboxPort, () => startMailbox({ httpPort: mailboxPort }))
  ends.push(() => mailbox.stop())
  const stripe = await listening("STRIPE_PORT", stripePort, () =>
    startLocalStripe({ port: stripePort, webhookUrl: `${appUrl}/api/webhooks/stripe`, webhookSecret }),
  )
  ends.push(() => stripe.stop())
  await stripe.seedCatalogue()
  const settings = {
    NODE_ENV: "development",
    APP_URL: appUrl,
    PORT: String(port),
    HOST: "127.0.0.1",
    DATABASE_FILE: join(folder, "gatehouse.sqlite"),
    LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mailbox.smtpPort),
    SMTP_TLS: "none",
    MAIL_FROM: "Gatehouse <hello@gatehouse.example>",
    MAILBOX_URL: mailbox.url,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
  }
  setEnv(settings)
  await openDatabase()
  await seed()
  const session = await orderSeededPlan()
  const operatorLink = await makeOperatorLink()
  await closeDatabase()
  const app = startServer(settings, port)
  ends.push(() => app.kill("SIGTERM"))
  await answering(app, `${appUrl}/readyz`, port)
  await stripe.completeCheckout({ session, wait: true })
  say(`
  Gatehouse is up. Nothing here is real: no mail leaves this machine, no money moves.

  App           ${appUrl}
  Mailbox       ${mailbox.url}     every mail the app sends
  Local Stripe  http://localhost:${stripePort}     checkout, portal, clock and faults

  Sign in as alice@acme.example (owner), amir@acme.example (admin) or bob@acme.example (member): the mail is in the
  mailbox. Or buy a plan as somebody new: ${appUrl}/pricing

  Operator      ${operatorLink}
                works once, within 15 minutes, for olive@gatehouse.example; afterwards sign in with that address

  Ctrl+C stops everything.
`)
}

function portOf(name: string, fallback: number): number {
  const port = Number(process.env[name] ?? fallback)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new DemoError(`${name} must be a port between 1 and 65535, not "${process.env[name] ?? fallback}".`)
}

function freshFolder() {
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch {
    throw new DemoError(
      `The folder ${folder} cannot be written. Give yourself the right to write here and start again.`,
    )
  }
}

async function listening<T>(name: string, port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    throw portProblem(name, port, error)
  }
}

function portProblem(name: string, port: number, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE")
    return new DemoError(`Port ${port} is taken. Choose another: ${name}=${port + 1000} npm run demo`)
  if (code === "EACCES")
    return new DemoError(`You may not listen on port ${port}. Choose one above 1023 with ${name}.`)
  return error
}

function startServer(settings: Record<string, string>, port: number): ChildProcess {
  const app = spawn(process.execPath, ["build/server/index.js"], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "inherit", "inherit"],
  })
  app.once("exit", async code => {
    await stop()
    if (code)
      process.stderr.write(`The app stopped with ${code}. Is port ${port} free? PORT chooses another.\n`)
    process.exit(code ?? 0)
  })
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.kill("SIGTERM"))
  return app
}

async function answering(app: ChildProcess, url: string, port: number): Promise<void> {
  for (let tries = 0; tries < 200 && app.exitCode === null; tries++) {
    if (
      await fetch(url).then(
        r => r.ok,
        () => false,
      )
    )
      return
    await new Promise(go => setTimeout(go, 100))
  }
  throw new DemoError(`The app did not answer on port ${port}.`)
}

async function stop() {
  for (const end of ends.splice(0).reverse()) await end()
}

function say(text: string) {
  process.stdout.write(text)
}
