import { type ChildProcess, spawn } from "node:child_process"
import { accessSync, constants, mkdirSync } from "node:fs"
import { startMailbox } from "./mailbox/mailbox"
import { startOpenId } from "./openid/openid"
import type { Person } from "./openid/people"
import { type LocalStripe, type LocalStripeOptions, startLocalStripe } from "./stripe/local-stripe"

/*
 * What stands beside the app in demo and development: a mailbox that shows every mail and a local Stripe, and the app itself
 * as a process of its own. All of it ends together.
 */

export const webhookSecret = "whsec_local0000000000000000000000"
const ends: (() => unknown)[] = []

/** A failure a person can mend, said in one line. */
export class MendableError extends Error {}

export type Ports = { app: number; mailbox: number; stripe: number; openId: number }

/**
 * `stateFile` keeps the account. With `begins`, a time in seconds, it is opened then, and sends nothing before `sendWebhooks`.
 * With `clockFile` the app keeps its time.
 */
export type StripeBeside = Pick<LocalStripeOptions, "stateFile" | "begins" | "clockFile">

/** PORT, MAILBOX_PORT, STRIPE_PORT and OPENID_PORT; the others follow the first. */
export function readPorts(): Ports {
  const app = portOf("PORT", 3000)
  return {
    app,
    mailbox: portOf("MAILBOX_PORT", app + 1),
    stripe: portOf("STRIPE_PORT", app + 2),
    openId: portOf("OPENID_PORT", app + 3),
  }
}

/** Runs what a command is; what a person can mend is said in one line, anything else with its stack. */
export async function run(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    await stop()
    const words =
      error instanceof MendableError ? error.message : error instanceof Error ? error.stack : error
    process.stderr.write(`${words}\n`)
    process.exit(1)
  }
}

/** A mailbox, and the settings by which the app sends to it. Mails arrive at the time of `clock`, if given. */
export async function startMailboxBeside({ mailbox: httpPort }: Ports, clock?: () => Date) {
  const mailbox = await listening("MAILBOX_PORT", httpPort, () => startMailbox({ httpPort, clock }))
  ends.push(() => mailbox.stop())
  const settings = {
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mailbox.smtpPort),
    SMTP_TLS: "none",
    MAIL_FROM: "Gatehouse <hello@gatehouse.example>",
    MAILBOX_URL: mailbox.url,
  }
  return { mailbox, settings }
}

/** A local Stripe with the catalogue, and the settings by which the app speaks to it. */
export async function startStripeBeside(ports: Ports, options: StripeBeside = {}) {
  const { begins, clockFile } = options
  const webhookUrl = begins === undefined ? webhookUrlOf(ports) : undefined
  const stripe = await listening("STRIPE_PORT", ports.stripe, () =>
    startLocalStripe({ ...options, port: ports.stripe, webhookUrl, webhookSecret }),
  )
  ends.push(() => stripe.stop())
  await stripe.seedCatalogue()
  const settings = {
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    ...(clockFile && { GATEHOUSE_CLOCK_FILE: clockFile }),
  }
  return { stripe, settings }
}

/** Lets the local Stripe send its webhooks to the app from now on. */
export async function sendWebhooks(stripe: LocalStripe, ports: Ports): Promise<void> {
  await stripe.webhookTo({ url: webhookUrlOf(ports), secret: webhookSecret })
}

const webhookUrlOf = ({ app }: Ports) => `http://localhost:${app}/api/webhooks/stripe`

/** A provider of single sign-on that knows these people, and the settings by which the app offers it. */
export async function startOpenIdBeside({ openId: port }: Ports, people: Person[]) {
  const name = "Demo ID"
  const openId = await listening("OPENID_PORT", port, () => startOpenId({ port, name }))
  ends.push(() => openId.stop())
  for (const person of people) openId.add("oidc", person)
  return openId.settings.oidc
}

/** Makes the folder, and makes sure that it can be written. */
export function writableFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch {
    throw new MendableError(
      `The folder ${folder} cannot be written. Give yourself the right to write here and start again.`,
    )
  }
}

/** Starts the app and waits until it answers. When it ends, so does everything. */
export async function startApp(
  args: string[],
  settings: Record<string, string>,
  port: number,
): Promise<void> {
  const app = spawnApp(args, settings, port)
  ends.push(() => app.kill("SIGTERM"))
  await answering(app, `http://localhost:${port}/readyz`, port)
}

export function say(text: string): void {
  process.stdout.write(text)
}

function portOf(name: string, fallback: number): number {
  const port = Number(process.env[name] ?? fallback)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new MendableError(
    `${name} must be a port between 1 and 65535, not "${process.env[name] ?? fallback}".`,
  )
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
    return new MendableError(`Port ${port} is taken. Choose another: ${name}=${port + 1000}.`)
  if (code === "EACCES")
    return new MendableError(`You may not listen on port ${port}. Choose one above 1023 with ${name}.`)
  return error
}

function spawnApp(args: string[], settings: Record<string, string>, port: number): ChildProcess {
  const app = spawn(process.execPath, args, {
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
  throw new MendableError(`The app did not answer on port ${port}.`)
}

async function stop() {
  for (const end of ends.splice(0).reverse()) await end()
}
