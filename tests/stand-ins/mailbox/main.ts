import { startMailbox } from "./mailbox"

const smtpPort = Number(process.env.MAILBOX_SMTP_PORT ?? 1025)
const httpPort = Number(process.env.MAILBOX_HTTP_PORT ?? 8025)

try {
  const mailbox = await startMailbox({ smtpPort, httpPort })
  console.log(`Mailbox: ${mailbox.url} (SMTP on 127.0.0.1:${mailbox.smtpPort})`)
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void mailbox.stop().then(() => process.exit(0)))
  }
} catch (error) {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  const reason =
    code === "EADDRINUSE"
      ? "one of them is taken; choose others with MAILBOX_SMTP_PORT and MAILBOX_HTTP_PORT."
      : String(error)
  console.error(`The mailbox cannot listen on ports ${smtpPort} and ${httpPort}: ${reason}`)
  process.exit(1)
}
