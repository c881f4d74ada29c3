import { domainToASCII, domainToUnicode } from "node:url"
import { parseAddress } from "~/domain/accounts/addresses.server"

/** A domain as someone types it – `Acme.test`, `@acme.test`, `münchen.de` – in the form addresses are kept in; undefined for anything else. */
export function parseMailDomain(typed: string): string | undefined {
  const ascii = domainToASCII(typed.normalize("NFC").trim().replace(/^@/u, "")).toLowerCase()
  return parseAddress(`someone@${ascii}`).ok ? ascii : undefined
}

/** The same for reading: `münchen.de`. */
export function shownDomain(domain: string): string {
  return domainToUnicode(domain)
}

/** Mailboxes for everyone that the list does not know. */
const alsoForEveryone = new Set(
  `aleeas.com disroot.org duck.com fastmail.com gmx.ch kolabnow.com mail.de mailfence.com mozmail.com passmail.net
   posteo.de posteo.net riseup.net simplelogin.com startmail.com tuta.com tuta.io tutamail.com tutanota.com ziggo.nl
   zohomail.com zohomail.eu`.split(/\s+/),
)

/** Whether anybody can get a mailbox of this domain: there, an address proves no belonging. */
export async function isForEveryone(domain: string): Promise<boolean> {
  if (alsoForEveryone.has(domain)) return true
  const { default: known } = await import("email-providers/all.json")
  return known.includes(domain)
}
