import { closeDatabase, openDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { type Mailbox, startMailbox } from "../stand-ins/mailbox/mailbox"
import { type LocalStripe, startLocalStripe } from "../stand-ins/stripe/local-stripe"
import { freshFile } from "./database"
import { type RunningProcess, startProcess } from "./process"

/** The production build in a process of its own, with the real mailbox and the local Stripe at the other ends. */
export type Site = {
  url: string
  mailbox: Mailbox
  stripe: LocalStripe
  server: RunningProcess
  stop: () => Promise<void>
}

const webhookSecret = "whsec_local_browser_0000"

/** A walk signs in more often in a minute than a person does in a day. */
const generous = {
  LIMIT_LINKS_PER_ADDRESS_HOUR: "1000",
  LIMIT_LINKS_PER_ADDRESS_MINUTE: "1000",
  LIMIT_LINKS_PER_CLIENT: "1000",
  LIMIT_CHECKS_PER_CLIENT: "1000",
  LIMIT_CHECKOUTS_PER_CLIENT_MINUTE: "1000",
  LIMIT_PASSWORDS_PER_CLIENT: "1000",
  LIMIT_REGISTRATIONS_PER_CLIENT: "1000",
}

/**
 * Starts all of it on an empty database. `furnish` may write into the database before the server opens it; what it
 * answers is handed on.
 */
export async function startSite<T = undefined>(
  options: { settings?: Record<string, string>; furnish?: () => Promise<T> } = {},
): Promise<Site & { furniture: T | undefined }> {
  const mailbox = await startMailbox()
  const stripe = await startLocalStripe()
  await stripe.seedCatalogue()
  const { file, remove } = await freshFile()
  const settings = {
    DATABASE_FILE: file,
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mailbox.smtpPort),
    SMTP_TLS: "none",
    MAIL_FROM: "Gatehouse <hello@gatehouse.test>",
    MAILBOX_URL: mailbox.url,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    BREACHED_PASSWORDS_URL: "off",
    ...generous,
    ...options.settings,
  }
  const furniture = options.furnish && (await furnished(settings, file, options.furnish))
  const server = await startProcess({ env: settings })
  await stripe.webhookTo({ url: `${server.url}/api/webhooks/stripe`, secret: webhookSecret })
  return {
    url: server.url,
    mailbox,
    stripe,
    server,
    furniture,
    stop: async () => {
      await server.stop()
      await stripe.stop()
      await mailbox.stop()
      remove()
    },
  }
}

async function furnished<T>(settings: Record<string, string>, file: string, furnish: () => Promise<T>) {
  setEnv({ NODE_ENV: "test", ...settings })
  await openDatabase(file)
  try {
    return await furnish()
  } finally {
    await closeDatabase()
  }
}
