import { type Address, parseAddress } from "~/domain/accounts/addresses.server"

export type AddressLine = { typed: string; address: Address | undefined }

/**
 * The addresses in a text someone typed or pasted: separated by commas, semicolons, line breaks or spaces, each plain or as
 * `Name <address>`. The same mailbox twice is one line; what is no address keeps its text and has no `address`.
 */
export function readAddressList(text: string): AddressLine[] {
  return readAddresses(text.split(/[,;\r\n]+/u).flatMap(piecesOf))
}

/** The same of addresses that come one by one. */
export function readAddresses(list: readonly string[]): AddressLine[] {
  const lines = new Map<string, AddressLine>()
  for (const typed of list) {
    const parsed = parseAddress(typed)
    const line = parsed.ok ? { typed, address: parsed.value } : { typed, address: undefined }
    const key = line.address?.canonical ?? typed
    if (!lines.has(key)) lines.set(key, line)
  }
  return [...lines.values()]
}

function piecesOf(chunk: string): string[] {
  const bracketed = [...chunk.matchAll(/<([^<>]*)>/gu)].map(match => match[1]?.trim() ?? "")
  return (bracketed.length > 0 ? bracketed : chunk.split(/\s+/u)).filter(Boolean)
}
