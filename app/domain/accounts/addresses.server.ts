/**
 * One address, one account [L13]. The canonical form is NFC, trimmed, lower-cased, with the domain in its ASCII (IDNA) form;
 * the form a person typed is kept for showing. Mail goes to the canonical form, never to what was typed.
 */
import { domainToASCII, domainToUnicode } from "node:url"
import { err, ok, type Result } from "~/lib/result"

export type Address = { canonical: string; typed: string }

/** RFC 5321 4.5.3.1: 64 octets before the @, 254 in all. */
const longestLocalPart = 64
const longestAddress = 254

/** Unquoted local parts (RFC 5322 dot-atom) with letters of any script (RFC 6532). No quotes, no lists, no line breaks. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
/** What may stand behind the @ as typed: a URL's parser would drop the rest of `acme.test/x` and keep quiet. */
const typedDomain = /^[\p{L}\p{M}\p{N}.。．｡-]+$/u
const domainName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/

/** Parses one address. Fails with `invalid` for everything that is not exactly one deliverable-looking mailbox. */
export function parseAddress(input: string): Result<Address, "invalid"> {
  const typed = input.normalize("NFC").trim()
  const at = typed.lastIndexOf("@")
  const local = typed.slice(0, at).toLowerCase().normalize("NFC")
  const behind = typed.slice(at + 1)
  const domain = typedDomain.test(behind) ? domainToASCII(behind).toLowerCase() : ""
  const canonical = `${local}@${domain}`
  const fits =
    typed.length <= longestAddress &&
    Buffer.byteLength(local) <= longestLocalPart &&
    Buffer.byteLength(canonical) <= longestAddress
  if (at < 1 || !fits || !localPart.test(local) || !domainName.test(domain)) return err("invalid")
  return ok({ canonical, typed })
}

/** The key limits count by: `first.last+tag@x` and `firstlast@x` are one mailbox with most providers [L16]. */
export function addressKey(canonical: string): string {
  const { local, domain } = split(canonical)
  return `${local.replace(/\+.*$/, "").replaceAll(".", "")}@${domain}`
}

/** `a•••@e•••.com`: enough to recognise one's own address, too little to learn another's. */
export function maskAddress(canonical: string): string {
  const { local, domain } = split(canonical)
  const labels = domainToUnicode(domain).split(".")
  const name = labels[0] ?? ""
  return `${firstOf(local)}•••@${[`${firstOf(name)}•••`, ...labels.slice(1)].join(".")}`
}

/** The domain of a canonical address, in ASCII. */
export function domainOf(canonical: string): string {
  return split(canonical).domain
}

function split(canonical: string) {
  const at = canonical.lastIndexOf("@")
  return { local: canonical.slice(0, at), domain: canonical.slice(at + 1) }
}

function firstOf(text: string): string {
  return [...text][0] ?? ""
}
