import { render } from "@react-email/render"
import ms from "ms"
import { type IssuedLink, lifetimeOf } from "~/domain/links/issue.server"
import { linkPath } from "~/domain/links/purposes"
import type { Message } from "~/domain/mail/message"
import { MailFrame } from "~/domain/mail/parts"
import { env } from "~/platform/env.server"

export type RenderedMail = { subject: string; html: string; text: string; linkUrl?: string }

/** HTML and text of a message from its one source, its link on APP_URL [L14]. */
export async function renderMail(
  message: Message,
  stored: unknown,
  issued?: IssuedLink,
): Promise<RenderedMail> {
  const { appName, appUrl } = env()
  const linkUrl = message.purpose && issued ? appUrl + linkPath(message.purpose, issued.token) : undefined
  const lifetime = message.purpose ? ms(lifetimeOf(message.purpose), { long: true }) : ""
  const { subject, preview, why, body } = message.compose(stored, {
    link: linkUrl ?? "",
    code: issued?.code,
    lifetime,
    appName,
    appUrl,
  })
  const mail = (
    <MailFrame title={subject} preview={preview} why={why} appName={appName} appUrl={appUrl}>
      {body}
    </MailFrame>
  )
  return { subject, html: await render(mail), text: await render(mail, { plainText: true }), linkUrl }
}
