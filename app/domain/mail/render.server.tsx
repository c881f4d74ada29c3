import { render } from "@react-email/render"
import ms from "ms"
import { type IssuedLink, lifetimeOf } from "~/domain/links/issue.server"
import { linkPath } from "~/domain/links/purposes"
import type { Message } from "~/domain/mail/message"
import { MailFrame } from "~/domain/mail/parts"
import { env } from "~/platform/env.server"

export type RenderedMail = { subject: string; html: string; text: string; linkUrl?: string; code?: string }

/** What was made for this mail while sending it. */
type Issued = IssuedLink | { token?: undefined; path?: string; code?: string }

/** HTML and text of a message from its one source, its link on APP_URL [L14]. */
export async function renderMail(message: Message, stored: unknown, issued?: Issued): Promise<RenderedMail> {
  const { appName, appUrl } = env()
  const path = issued && pathOf(message, issued)
  const linkUrl = path && appUrl + path
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
  const [html, text] = [await render(mail), await render(mail, { plainText: true })]
  return { subject, html, text, linkUrl, code: message.carriesProof && issued?.code }
}

function pathOf({ purpose }: Message, issued: Issued): string | undefined {
  if (issued.token === undefined) return issued.path
  return purpose && linkPath(purpose, issued.token)
}
