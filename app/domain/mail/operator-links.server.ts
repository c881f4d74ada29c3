import { stdout } from "node:process"
import type { RenderedMail } from "~/domain/mail/render.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/**
 * While mail is not set up, the links and codes of operators (and of nobody else) go to standard output, so that mail settings
 * can never lock the operator out [M4], [R2]. Not through the log: it redacts tokens.
 */
export async function printForOperator(recipient: string, mail: RenderedMail): Promise<void> {
  const secret = mail.linkUrl ?? mail.code
  if (!secret) return
  const user = await db().user.findUnique({ where: { email: recipient }, select: { isOperator: true } })
  const what = mail.linkUrl ? "link" : "code"
  if (user?.isOperator)
    stdout.write(`\n${env().appName}: mail is not set up. The operator’s ${what}:\n${secret}\n\n`)
}
