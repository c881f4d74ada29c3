import { domainToASCII } from "node:url"
import PostalMime from "postal-mime"

/** A mail as it arrived: the envelope is what the server was told, everything else is read from the message itself. */
export type MailboxMessage = {
  id: string
  from: string
  to: string[]
  subject: string
  html: string
  text: string
  /** By lower-case name; repeated headers are joined by a comma. */
  headers: Record<string, string>
  receivedAt: Date
  raw: string
  /** Every address in the HTML and the text, each once, in order. */
  links: string[]
  /** The first link that carries a token, or "" when there is none. */
  link: string
  /** The sign-in code of six characters without its separator, or "" when there is none. */
  code: string
  /** Whether the mail came over TLS, and as whom the sender had logged in. */
  secure: boolean
  user: string
}

export type Envelope = { from: string; to: string[]; secure: boolean; user: string }

export async function readMessage(
  id: string,
  raw: Buffer,
  envelope: Envelope,
  receivedAt: Date,
): Promise<MailboxMessage> {
  const mail = await PostalMime.parse(raw)
  const headers: Record<string, string> = {}
  for (const { key, value } of mail.headers) headers[key] = headers[key] ? `${headers[key]}, ${value}` : value
  const html = mail.html ?? ""
  const text = mail.text ?? ""
  const links = findLinks(html, text)
  return {
    id,
    ...envelope,
    subject: mail.subject ?? "",
    html,
    text,
    headers,
    receivedAt,
    raw: raw.toString("utf8"),
    links,
    link: links.find(link => /[?&]token=/.test(link)) ?? "",
    code: findCode(html, text),
  }
}

/** The form in which two spellings of one mailbox are equal. */
export function mailboxKey(address: string): string {
  const at = address.lastIndexOf("@")
  const domain = address.slice(at + 1)
  return `${address.slice(0, at + 1)}${domainToASCII(domain) || domain}`.trim().normalize("NFC").toLowerCase()
}

export function isFor(message: MailboxMessage, address: string): boolean {
  const wanted = mailboxKey(address)
  return message.to.some(to => mailboxKey(to) === wanted)
}

function findLinks(html: string, text: string): string[] {
  const hrefs = [...html.matchAll(/href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(m =>
    unescapeHtml(m[1] ?? m[2] ?? ""),
  )
  const bare = [...text.matchAll(/https?:\/\/[^\s<>"']+/g)].map(m => m[0].replace(/[.,;:!?)\]]+$/, ""))
  return [...new Set([...hrefs, ...bare])].filter(link => /^https?:\/\//.test(link))
}

const code = /^([0-9A-Z]{3})[ -]?([0-9A-Z]{3})$/

function findCode(html: string, text: string): string {
  const marked = /data-code\s*=\s*["']([^"']+)["']/.exec(html)?.[1] ?? ""
  for (const candidate of [marked, ...text.split(/\r?\n/)]) {
    const found = code.exec(candidate.trim())
    if (found) return `${found[1]}${found[2]}`
  }
  return ""
}

const entities: Record<string, string> = { amp: "&", quot: '"', lt: "<", gt: ">", "#x27": "'", "#39": "'" }

function unescapeHtml(value: string): string {
  return value.replace(/&(amp|quot|lt|gt|#x27|#39);/g, (whole, name: string) => entities[name] ?? whole)
}
