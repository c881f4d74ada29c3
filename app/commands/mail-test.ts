import { existsSync } from "node:fs"
import { parseAddress } from "~/domain/accounts/addresses.server"
import { sendTestMail } from "~/domain/mail/test-mail.server"
import { closeMailer } from "~/platform/mailer.server"

if (existsSync(".env")) process.loadEnvFile(".env")
const address = parseAddress(process.argv[2] ?? "")
if (!address.ok) end("Usage: npm run mail:test -- name@example.com")
else {
  const sent = await sendTestMail(address.value.canonical)
  await closeMailer()
  end(sent.ok ? `Sent. The server said: ${sent.value.answer}` : sent.error.words, sent.ok ? 0 : 1)
}

function end(words: string, code = 1) {
  process.stdout.write(`${words}\n`)
  process.exitCode = code
}
