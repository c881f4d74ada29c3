import { domainToASCII } from "node:url"
import { err, ok, type Result } from "~/lib/result"

/** One mailbox, its domain in ASCII. `name` is for display and may be empty. */
export type MailAddress = { name: string; address: string }

const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i
const breaking = /[\p{Cc}\p{Zl}\p{Zp}]/u

/**
 * Reads exactly one mailbox, `a@b.example` or `Name <a@b.example>`. Refuses with a reason whatever could become a
 * second recipient or another header: line breaks, lists, groups, quoted local parts, address literals, comments
 * (RFC 5321 4.1.2, of which this is the part mailboxes really use).
 */
export function parseMailAddress(text: string): Result<MailAddress, string> {
  if (breaking.test(text)) return err("it contains a line break or control character")
  const [, named, bracketed] = /^(.*?)<([^<>]*)>$/.exec(text.trim()) ?? []
  const name = readName(named ?? "")
  if (name === undefined) return err("its name contains a character that must be quoted")
  const address = (bracketed ?? text).trim()
  const at = address.lastIndexOf("@")
  const local = address.slice(0, at)
  if (at < 1 || !localPart.test(local) || Buffer.byteLength(local) > 64) {
    return err("it is not one plain address such as name@example.com")
  }
  const domain = domainToASCII(address.slice(at + 1))
  const labels = domain.split(".")
  if (labels.length < 2 && domain !== "localhost") return err("its domain is not complete")
  if (!labels.every(label => domainLabel.test(label)) || /^\d+$/.test(labels.at(-1) ?? "")) {
    return err("its domain is not valid")
  }
  if (Buffer.byteLength(local) + 1 + domain.length > 254) return err("it is too long")
  return ok({ name, address: `${local}@${domain}` })
}

/** A display name in quotes may hold anything printable; a bare one nothing that separates addresses. */
function readName(text: string): string | undefined {
  const name = text.trim()
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(name)?.[1]
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1")
  return /[",;:<>@()[\]\\]/.test(name) ? undefined : name
}

/** A header's text on one line, whatever a user typed into it. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim()
  return [...line].slice(0, 250).join("")
}
