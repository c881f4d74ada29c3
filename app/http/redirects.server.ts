import { env } from "~/platform/env.server"

const controlOrBackslash = /[\p{Cc}\\]/u

/**
 * A destination inside this app, as path and query, or undefined [L15]. Everything a browser could read as another origin
 * is refused, also after decoding (OWASP Unvalidated Redirects).
 */
export function insideOnly(destination: string | null | undefined): string | undefined {
  if (!destination?.startsWith("/")) return undefined
  const base = env().appUrl
  for (const form of [destination, decoded(destination)]) {
    if (form === undefined || controlOrBackslash.test(form) || form.startsWith("//")) return undefined
    if (!URL.canParse(form, base) || new URL(form, base).origin !== base) return undefined
  }
  const url = new URL(destination, base)
  return url.pathname.startsWith("//") ? undefined : url.pathname + url.search + url.hash
}

/** Decoded until nothing changes, three times at most; undefined when it never settles. */
function decoded(text: string): string | undefined {
  let current = text
  for (let round = 0; round < 3; round++) {
    const next = decodedOnce(current)
    if (next === current) return current
    current = next
  }
  return undefined
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
